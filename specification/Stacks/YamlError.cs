using System.Globalization;
using YamlDotNet.Core;

namespace PostgresHa.Specification;

/// <summary>Says of a place in a YAML file what is wrong there.</summary>
internal static class YamlError
{
    /// <summary>The exception to throw.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mark">The place in it.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="remedy">What to do about it, without a full stop.</param>
    public static StackFileException At(string path, Mark mark, string problem, string remedy) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}:{mark.Line}:{mark.Column}: {problem}; {remedy}."));
}
