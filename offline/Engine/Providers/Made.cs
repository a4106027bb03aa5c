using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>What a provider made: the id and the output properties.</summary>
internal sealed record Made(string Id, PropertyValue Outputs);
