namespace PostgresHa.Tests.Unit.Architecture;

/// <summary>Circles in a graph: Tarjan's strongly connected components with more than one node.</summary>
internal static class Circles
{
    /// <summary>The circles, each with its nodes in order.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> In(IReadOnlyDictionary<string, List<string>> graph)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var low = new Dictionary<string, int>(StringComparer.Ordinal);
        var open = new Stack<string>();
        var found = new List<IReadOnlyList<string>>();
        foreach (var node in graph.Keys.Where(node => !index.ContainsKey(node)))
        {
            Visit(node);
        }

        return found;

        void Visit(string node)
        {
            index[node] = low[node] = index.Count;
            open.Push(node);
            foreach (var next in graph[node])
            {
                if (!index.TryGetValue(next, out var seen))
                {
                    Visit(next);
                    low[node] = Math.Min(low[node], low[next]);
                }
                else if (open.Contains(next))
                {
                    low[node] = Math.Min(low[node], seen);
                }
            }

            if (low[node] != index[node])
            {
                return;
            }

            var circle = new List<string>();
            string member;
            do
            {
                member = open.Pop();
                circle.Add(member);
            }
            while (member != node);
            if (circle.Count > 1)
            {
                found.Add([.. circle.Order(StringComparer.Ordinal)]);
            }
        }
    }
}
