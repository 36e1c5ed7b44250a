"""Public solvers on one SteinLib file: values and CPU seconds, as JSON. `cargo xtask peers` runs it.

`peers.py trees FILE` connects every terminal; `peers.py prizes FILE LEVEL SHARE OUT` invents a prize for each terminal but the
first, writes that problem to OUT and solves it; `peers.py versions` says what the packages are. Graphs are in memory, in the form
that a package wants, before the time is taken.
"""

import gzip
import importlib.metadata
import json
import random
import sys
import time

import networkx
import numpy
import pcst_fast
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

PACKAGES = ["networkx", "scipy", "numpy", "pcst-fast2"]
# Runs of which the fastest counts: so many, or as fit into so many seconds.
RUNS, RUNNING = 9, 1.0
# Of the prizes, so that they are the same in every run.
SEED = 7


def read(path):
    """Edges by their ends (the cheapest of parallel ones), and terminals; vertices from 0."""
    edges, terminals = {}, []
    with gzip.open(path, "rt") as file:
        for line in file:
            words = line.split()
            if words[:1] in (["E"], ["A"]):
                u, v, cost = int(words[1]) - 1, int(words[2]) - 1, int(words[3])
                key = (min(u, v), max(u, v))
                edges[key] = min(cost, edges.get(key, cost))
            elif words[:1] == ["T"]:
                terminals.append(int(words[1]) - 1)
    return edges, terminals


def fastest(solve):
    begun, best = time.monotonic(), float("inf")
    for nth in range(RUNS):
        before = time.process_time()
        answer = solve()
        best = min(best, time.process_time() - before)
        if time.monotonic() - begun > RUNNING:
            break
    return answer, best


def cost_of(edges, chosen, needed):
    """What the chosen edges cost, which must be one tree that holds everybody needed."""
    tree = networkx.Graph(chosen)
    tree.add_nodes_from(needed)
    assert networkx.is_tree(tree)
    return sum(edges[edge] for edge in chosen)


def pairs(chosen):
    return [(min(u, v), max(u, v)) for u, v in chosen]


def by_networkx(edges, terminals):
    graph = networkx.Graph()
    graph.add_weighted_edges_from((u, v, cost) for (u, v), cost in edges.items())

    def solve():
        return networkx.algorithms.approximation.steiner_tree(graph, terminals, method="mehlhorn")

    tree, seconds = fastest(solve)
    return pairs(tree.edges()), seconds


def by_scipy(edges, terminals):
    """Mehlhorn's step from scipy's pieces: regions, the cheapest link between each two, their spanning tree, the paths behind it.

    All paths lie in one forest of shortest ones, so that they and the links are a tree whose leaves are terminals: nothing is left
    to prune.
    """
    ends = numpy.array(list(edges), dtype=numpy.int64)
    tails, heads = ends[:, 0].copy(), ends[:, 1].copy()
    costs = numpy.array(list(edges.values()), dtype=numpy.float64)
    n = int(ends.max()) + 1
    both = (numpy.concatenate([tails, heads]), numpy.concatenate([heads, tails]))
    graph = csr_matrix((numpy.concatenate([costs, costs]), both), shape=(n, n))
    seeds = numpy.array(terminals)

    def solve():
        distance, before, owner = dijkstra(graph, indices=seeds, return_predecessors=True, min_only=True)
        number = numpy.full(n, -1)
        number[seeds] = numpy.arange(len(seeds))
        one, other = number[owner[tails]], number[owner[heads]]
        (crossing,) = numpy.nonzero(one != other)
        low = numpy.minimum(one, other)[crossing]
        high = numpy.maximum(one, other)[crossing]
        length = distance[tails[crossing]] + costs[crossing] + distance[heads[crossing]]
        key = low * len(seeds) + high
        order = numpy.lexsort((length, key))
        key, first = numpy.unique(key[order], return_index=True)
        link = order[first]
        # A spanning tree has no edge where its matrix has a zero; one more on every link changes nothing else.
        between = csr_matrix((length[link] + 1, (low[link], high[link])), shape=(len(seeds), len(seeds)))
        spanning = minimum_spanning_tree(between).tocoo()
        chosen = crossing[link[numpy.searchsorted(key, spanning.row.astype(numpy.int64) * len(seeds) + spanning.col)]]
        tree = [numpy.stack([tails[chosen], heads[chosen]], axis=1)]
        inside = numpy.zeros(n, dtype=bool)
        inside[seeds] = True
        at = numpy.unique(numpy.concatenate([tails[chosen], heads[chosen]]))
        at = at[~inside[at]]
        while len(at):
            inside[at] = True
            tree.append(numpy.stack([at, before[at]], axis=1))
            at = numpy.unique(before[at])
            at = at[~inside[at]]
        return numpy.concatenate(tree)

    tree, seconds = fastest(solve)
    return pairs(tree.tolist()), seconds


def by_growth(edges, prizes, root):
    """Goemans and Williamson's growth with strong pruning, from a root; prizes by vertex."""
    ends = numpy.array(list(edges), dtype=numpy.int64)
    costs = numpy.array(list(edges.values()), dtype=numpy.float64)
    worth = numpy.zeros(int(ends.max()) + 1)
    for v, prize in prizes.items():
        worth[v] = prize

    (_, chosen), seconds = fastest(lambda: pcst_fast.pcst_fast(ends, worth, costs, root, 1, "strong", 0))
    return pairs(ends[chosen].tolist()), seconds


def trees(path):
    edges, terminals = read(path)
    everything = sum(edges.values())
    found = {
        "networkx": by_networkx(edges, terminals),
        "scipy": by_scipy(edges, terminals),
        # Prizes so large that nobody is left out.
        "growth": by_growth(edges, dict.fromkeys(terminals, everything), terminals[0]),
    }
    return {
        name: {"cost": cost_of(edges, chosen, terminals), "seconds": seconds}
        for name, (chosen, seconds) in found.items()
    }


def prizes(path, level, share, out):
    edges, terminals = read(path)
    root, drawn = terminals[0], random.Random(SEED)
    worth = {v: 1 + int(2 * level * share * drawn.random()) for v in terminals[1:]}
    with open(out, "w") as file:
        file.write("33D32945 STP File, STP Format Version 1.0\nSECTION Graph\n")
        file.write(f"Nodes {1 + max(v for _, v in edges)}\nEdges {len(edges)}\n")
        file.writelines(f"E {u + 1} {v + 1} {cost}\n" for (u, v), cost in edges.items())
        file.write(f"END\nSECTION Terminals\nTerminals {len(worth)}\nRootP {root + 1}\n")
        file.writelines(f"TP {v + 1} {prize}\n" for v, prize in worth.items())
        file.write("END\nEOF\n")
    chosen, seconds = by_growth(edges, worth, root)
    inside = {root}.union(*chosen)
    missed = [prize for v, prize in worth.items() if v not in inside]
    return {"cost": cost_of(edges, chosen, [root]) + sum(missed), "left_out": len(missed), "seconds": seconds}


def main():
    match sys.argv[1:]:
        case ["trees", path]:
            answer = trees(path)
        case ["prizes", path, level, share, out]:
            answer = prizes(path, float(level), float(share), out)
        case ["versions"]:
            answer = {name: importlib.metadata.version(name) for name in PACKAGES}
    print(json.dumps(answer))


main()
