"""Two public solvers on one SteinLib file: value and CPU seconds, as JSON. `cargo xtask peers` runs it."""

import gzip
import json
import sys
import time

import networkx
import numpy
import pcst_fast


def read(path):
    """Edges by their ends, and terminals; vertices from 0."""
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


def timed(solve):
    begun = time.process_time()
    cost = solve()
    return {"cost": cost, "seconds": time.process_time() - begun}


def pruned(edges, chosen, terminals):
    """The cost of a spanning tree of the chosen edges without its idle branches, so that both are judged alike."""
    graph = networkx.Graph()
    graph.add_weighted_edges_from((u, v, edges[u, v]) for u, v in chosen)
    tree = networkx.minimum_spanning_tree(graph)
    needed = set(terminals)
    idle = [v for v in tree if tree.degree(v) == 1 and v not in needed]
    while idle:
        v = idle.pop()
        (u,) = tree.neighbors(v)
        tree.remove_node(v)
        if tree.degree(u) == 1 and u not in needed:
            idle.append(u)
    assert needed <= set(tree) and networkx.is_connected(tree)
    return int(tree.size("weight"))


def mehlhorn(edges, terminals):
    graph = networkx.Graph()
    graph.add_weighted_edges_from((u, v, cost) for (u, v), cost in edges.items())

    def solve():
        tree = networkx.algorithms.approximation.steiner_tree(graph, terminals, method="mehlhorn")
        return [(min(u, v), max(u, v)) for u, v in tree.edges()]

    return solve


def growth(edges, terminals):
    """Goemans & Williamson's growth with strong pruning, prizes large enough that nobody is left out."""
    ends = numpy.array(list(edges), dtype=numpy.int64)
    costs = numpy.array(list(edges.values()), dtype=numpy.float64)
    prizes = numpy.zeros(int(ends.max()) + 1)
    prizes[terminals] = costs.sum()

    def solve():
        _, chosen = pcst_fast.pcst_fast(ends, prizes, costs, terminals[0], 1, "strong", 0)
        return [tuple(sorted(map(int, ends[e]))) for e in chosen]

    return solve


def main():
    edges, terminals = read(sys.argv[1])
    answers = {}
    for name, prepare in (("mehlhorn", mehlhorn), ("growth", growth)):
        chosen = []
        solve = prepare(edges, terminals)
        answer = timed(lambda: chosen.extend(solve()))
        answers[name] = {"cost": pruned(edges, chosen, terminals), "seconds": answer["seconds"]}
    print(json.dumps(answers))


main()
