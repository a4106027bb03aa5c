namespace PostgresHa.EndToEnd.Support;

/// <summary>A test that needs the lab; left out unless PGHA_E2E is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute()
    {
        if (!LabFixture.Wanted)
        {
            Skip = "needs the lab: set PGHA_E2E=1 and run as root";
        }
    }
}
