using Xunit.Abstractions;
using Xunit.Sdk;

namespace PostgresHa.EndToEnd.Support;

/// <summary>A test that needs the lab; left out unless PGHA_E2E is set. Tests run in the order of their steps.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute(int step)
    {
        Step = step;
        if (!LabFixture.Wanted)
        {
            Skip = "needs the lab: set PGHA_E2E=1 and run as root";
        }
    }

    public int Step { get; }
}

/// <summary>Orders the tests by step.</summary>
public sealed class StepOrderer : ITestCaseOrderer
{
    public const string Type = "PostgresHa.EndToEnd.Support.StepOrderer";
    public const string Assembly = "PostgresHa.EndToEnd.Tests";

    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase =>
        testCases.OrderBy(static test => test.TestMethod.Method
            .GetCustomAttributes(typeof(LabFactAttribute).AssemblyQualifiedName).Single().GetConstructorArguments().Cast<int>().Single());
}
