"""Shortest paths, orders and components of small graphs."""
import heapq
from collections import defaultdict, deque
from graphlib import CycleError, TopologicalSorter

edges = "A-B:4 A-C:2 B-C:1 B-D:5 C-D:8 C-E:10 D-E:2 D-F:6 E-F:3 G-H:1".split()
graph = defaultdict(dict)
for e in edges:
    pair, w = e.split(":")
    a, b = pair.split("-")
    graph[a][b] = graph[b][a] = int(w)


def dijkstra(start):
    dist, came, heap = {start: 0}, {}, [(0, start)]
    while heap:
        d, node = heapq.heappop(heap)
        if d > dist[node]:
            continue
        for nxt, w in graph[node].items():
            if d + w < dist.get(nxt, float("inf")):
                dist[nxt], came[nxt] = d + w, node
                heapq.heappush(heap, (d + w, nxt))
    return dist, came


def path(came, end):
    out = [end]
    while out[-1] in came:
        out.append(came[out[-1]])
    return "".join(reversed(out))


dist, came = dijkstra("A")
for node in sorted(dist):
    print(node, dist[node], path(came, node))


def bfs(start):
    seen, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for nxt in graph[node]:
            if nxt not in seen:
                seen[nxt] = seen[node] + 1
                queue.append(nxt)
    return seen


def dfs(node, seen):
    seen.append(node)
    for nxt in sorted(graph[node]):
        if nxt not in seen:
            dfs(nxt, seen)
    return seen


print(bfs("A"), dfs("A", []))
parent = {n: n for n in graph}


def root(n):
    while parent[n] != n:
        parent[n] = parent[parent[n]]
        n = parent[n]
    return n


tree = []
for w, a, b in sorted((w, a, b) for a in graph for b, w in graph[a].items() if a < b):
    if root(a) != root(b):
        parent[root(a)] = root(b)
        tree.append((a + b, w))
print(tree, sum(w for _, w in tree), len({root(n) for n in graph}))

sorter = TopologicalSorter({"dress": {"wash"}, "wash": {"wake"}, "eat": {"wake", "cook"}, "go": {"dress", "eat"}})
order = list(sorter.static_order())
print(len(order), order.index("wake") < order.index("wash") < order.index("dress") < order.index("go"))
try:
    list(TopologicalSorter({1: [2], 2: [3], 3: [1]}).static_order())
except CycleError as e:
    print(e.args[0], sorted(set(e.args[1])))
infinity = float("inf")
names = sorted(graph)
matrix = {a: {b: 0 if a == b else graph[a].get(b, infinity) for b in names} for a in names}
for k in names:
    for i in names:
        for j in names:
            matrix[i][j] = min(matrix[i][j], matrix[i][k] + matrix[k][j])
for a in names:
    print(a, *(matrix[a][b] for b in names))
