// Replicates a database into a folder, once: node client.js URL FOLDER; prints how many documents it wrote.
const PouchDB = require('pouchdb')

const [url, folder] = process.argv.slice(2)
PouchDB.replicate(url, folder, { batch_size: 1000, batches_limit: 4 }).then(done => {
  console.log(done.docs_written)
  process.exit(0)
}, error => {
  console.error(error)
  process.exit(1)
})
