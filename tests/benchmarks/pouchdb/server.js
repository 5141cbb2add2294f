// A CouchDB in Node: holds the documents of a file of JSON lines, and changes them when told to.
// node server.js FOLDER FILE PORT; each line on standard input names a file of documents to write over the old ones.
const fs = require('fs')
const readline = require('readline')
const express = require('express')
const PouchDB = require('pouchdb')

const [folder, file, port] = process.argv.slice(2)
const BATCH = 1000
const Here = PouchDB.defaults({ prefix: folder + '/' })
const db = new Here('documents')

async function write (path) {
  const docs = fs.readFileSync(path, 'utf8').trim().split('\n').map(line => {
    const { id, kind, ...rest } = JSON.parse(line)
    return { _id: id, kind, ...rest }
  })
  for (let start = 0; start < docs.length; start += BATCH) {
    const some = docs.slice(start, start + BATCH)
    const held = await db.allDocs({ keys: some.map(doc => doc._id) })
    held.rows.forEach((row, index) => { if (row.value) some[index]._rev = row.value.rev })
    await db.bulkDocs(some)
  }
}

async function main () {
  await write(file)
  const app = express()
  app.use('/', require('express-pouchdb')(Here, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: folder + '/log' }))
  app.listen(Number(port), '127.0.0.1', () => console.log('ready'))
  for await (const path of readline.createInterface({ input: process.stdin })) {
    await write(path)
    console.log('written')
  }
  process.exit(0)
}
main()
