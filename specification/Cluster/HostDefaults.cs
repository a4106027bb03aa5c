namespace PostgresHa.Specification;

/// <summary>What holds for every host that does not say otherwise.</summary>
internal sealed record HostDefaults
{
    [Choice("Family of the hosts' distribution.", Note = "required unless every host has its own")]
    public SystemFamily? System { get; init; }

    [Number("Cores of the hosts.", 2, 1, 1024)]
    public int Cores { get; init; }

    [Size("Memory of the hosts.", "4GB", "512MB", "64TB")]
    public long Memory { get; init; }

    [Text(
        "Network interface of the hosts that carries their address; keepalived puts the VIP there.",
        Note = "required unless every host has its own",
        Form = TextForm.InterfaceName)]
    public string? Interface { get; init; }
}
