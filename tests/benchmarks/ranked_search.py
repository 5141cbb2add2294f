"""A 15-term query over many posts: our index against FTS5's own ORDER BY rank, on the same cache.

`python -m tests.benchmarks.ranked_search [--posts N]` prints the ratios; the full size is 500,000.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from rackside.store import Store
from rackside.store.ranked import MirrorIndex, index_some
from rackside_protocol.threads import Post, Thread
from rackside_ranking.context import from_question
from rackside_ranking.ranking import search
from tests.benchmarks.processes import fresh_output
from tests.store.pages import fill, post, thread

PAGE: Final = 4_000
WORDS_A_POST: Final = 60
POSTS_A_THREAD: Final = 5
TERMS: Final = 15
QUERIES: Final = 100
VOCABULARY: Final = 60_000
EXPONENT: Final = 1.05
"""Of Zipf's law, which words of people's texts follow."""
TITLE_WORDS: Final = 8
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
SEARCHING: Final = """
import sys
from pathlib import Path
from rackside.store import Store
from rackside.store.ranked import MirrorIndex
from rackside_ranking.context import from_question
from rackside_ranking.ranking import search
def peak():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
before = peak()
with Store.open(Path(sys.argv[1])) as store:
    for query in sys.argv[2:]:
        search(MirrorIndex(store), from_question(query), limit=20)
print(f"{peak() - before:.0f}")
"""


def main() -> None:
    """Fill a cache, ask both, and print how they compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ranked_search")
    parser.add_argument("--posts", type=int, default=20_000)
    posts = parser.parse_args().posts
    with TemporaryDirectory(prefix="rackside-ranked-") as folder, Store.open(Path(folder)) as store:
        chance = Random(4)  # noqa: S311 - a benchmark
        words = ["".join(chance.choices(LETTERS, k=chance.randint(3, 9))) for _ in range(VOCABULARY)]
        heaps = list(accumulate(1 / (place + 10) ** EXPONENT for place in range(VOCABULARY)))
        put(store, posts, lambda count: " ".join(chance.choices(words, cum_weights=heaps, k=count)))
        began, cpu = time.perf_counter(), time.process_time()
        while index_some(store):
            pass
        print(f"indexed {posts:,} posts in {time.perf_counter() - began:.0f} s, {time.process_time() - cpu:.0f} CPU-s")
        queries = [chance.choices(words, cum_weights=heaps, k=TERMS) for _ in range(QUERIES)]
        ours = timed(queries, lambda asked: search(MirrorIndex(store), from_question(" ".join(asked)), limit=20))
        theirs = timed(queries, lambda asked: by_fts5(store, asked))
        for name, at in (("p50", 0.5), ("p99", 0.99)):
            mine, peer = quantile(ours, at), quantile(theirs, at)
            print(f"{name}: ours {mine * 1000:.1f} ms, FTS5 {peer * 1000:.1f} ms, ratio {mine / peer:.2f}")
        asked = [" ".join(query) for query in queries]
        print(
            f"searching takes {fresh_output(SEARCHING, folder, *asked)} MB beyond the imports, in a process of its own"
        )


def put(store: Store, posts: int, text: Callable[[int], str]) -> None:
    """Put threads and posts into the mirror, a page at a time."""
    for start in range(0, posts, PAGE):
        documents: list[Thread | Post] = []
        for made in range(start, min(posts, start + PAGE), POSTS_A_THREAD):
            documents.append(thread(made + 1, text(TITLE_WORDS), body=text(WORDS_A_POST)))
            documents += [post(made + 1 + each, made + 1, text(WORDS_A_POST)) for each in range(1, POSTS_A_THREAD)]
        fill(store, *documents)


def by_fts5(store: Store, words: Sequence[str]) -> None:
    """Ask FTS5 for the best posts and threads."""
    expression = " OR ".join(f'"{word}"' for word in words)
    for kind in ("post", "thread"):
        statement = f"SELECT rowid FROM words_{kind} WHERE words_{kind} MATCH ? ORDER BY rank LIMIT 20"  # noqa: S608 - ours
        store.cache.execute(statement, (expression,)).fetchall()


def timed(queries: Sequence[Sequence[str]], ask: Callable[[Sequence[str]], object]) -> list[float]:
    """Return the CPU seconds of each query, sorted."""
    taken = []
    ask(queries[0])
    for query in queries:
        began = time.process_time()
        ask(query)
        taken.append(time.process_time() - began)
    return sorted(taken)


def quantile(ordered: Sequence[float], at: float) -> float:
    """Return a quantile of sorted figures."""
    return ordered[min(len(ordered) - 1, int(at * len(ordered)))]


if __name__ == "__main__":
    main()
