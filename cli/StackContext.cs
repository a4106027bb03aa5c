using System.Text.Json;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>A stack as a command works on it: its file, and the validated specification in it.</summary>
public sealed class StackContext
{
    private StackContext(Project project, StackFile file, JsonElement cluster, SpecificationResult result, bool keysArePending)
    {
        Project = project;
        File = file;
        Cluster = cluster;
        Result = result;
        KeysArePending = keysArePending;
    }

    /// <summary>The project.</summary>
    public Project Project { get; }

    /// <summary>The stack's file.</summary>
    public StackFile File { get; }

    /// <summary>The stack's name.</summary>
    public string Stack => File.Stack;

    /// <summary>Project and name of the stack, as its hosts know it: <c>PROJECT/STACK</c>.</summary>
    public string FullName => $"{File.Project}/{Stack}";

    /// <summary>The cluster's value; with stand-ins for the lab's keys where <see cref="KeysArePending"/>.</summary>
    public JsonElement Cluster { get; }

    /// <summary>What reading the value gave.</summary>
    public SpecificationResult Result { get; }

    /// <summary>True when the stack is the lab's, and the lab has not made its keys yet.</summary>
    public bool KeysArePending { get; }

    /// <summary>The specification.</summary>
    /// <exception cref="CommandException">The configuration is wrong; the message lists every error.</exception>
    public ClusterSpecification Specification => Result.Specification ?? throw Refusal(Result.Errors);

    /// <summary>What a command ends with for errors in the stack's file.</summary>
    /// <param name="errors">The errors.</param>
    public CommandException Refusal(IReadOnlyList<SpecificationError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return new(
            $"{Path.GetFileName(File.Path)} has {errors.Count} error{(errors.Count == 1 ? "" : "s")}; nothing was touched:\n"
            + string.Join('\n', errors.Select(static error => "  " + error)));
    }

    /// <summary>Whether the hosts are those of the lab.</summary>
    public bool IsLab => Result.Specification?.Ssh.NetworkNamespace is not null;

    /// <summary>Reads a stack.</summary>
    /// <param name="project">The project.</param>
    /// <param name="stack">Name of the stack.</param>
    /// <param name="withoutLab">
    /// Whether the lab's stack may be read before the lab has made its keys, with stand-ins for them: for what needs no connection.
    /// </param>
    /// <param name="asAsked">
    /// Whether the versions are those of the file also where the lab had to take others (<see cref="LabTaken"/>).
    /// </param>
    /// <exception cref="CommandException">The lab is needed and was never up.</exception>
    /// <exception cref="StackFileException">There is no such stack, or its file is no stack file.</exception>
    public static StackContext Load(Project project, string stack, bool withoutLab, bool asAsked = false)
    {
        var file = StackFile.Load(project.Directory, stack);
        var cluster = file.Cluster;
        if (LabKeys.ArePending(cluster, project.Directory))
        {
            if (!withoutLab)
            {
                throw new CommandException("The lab is not running (it has made no keys yet); start it: ./pgha lab up");
            }

            var standIn = LabKeys.StandIn(cluster);
            return new StackContext(
                project, file, standIn, Judged(file, Read(standIn, hasPrivateKeySecret: true)), true);
        }

        if (file.MissingCluster is { } missing)
        {
            return new StackContext(project, file, cluster, new SpecificationResult { Errors = [missing] }, false);
        }

        if (withoutLab && LabKeys.StandInForNew(cluster, project.Directory) is { } completed)
        {
            cluster = completed;
        }

        var result = Read(cluster, file.HasPrivateKeySecret);
        if (!asAsked && result.Specification is { } asked && LabTaken.Apply(cluster, asked, project.Directory) is { } taken)
        {
            cluster = taken;
            result = Read(cluster, file.HasPrivateKeySecret);
        }

        return new StackContext(project, file, cluster, Judged(file, result), false);

        SpecificationResult Read(JsonElement value, bool hasPrivateKeySecret) =>
            SpecificationReader.Read(
                value, project.Directory, hasPrivateKeySecret, file.Spellings, path => LabKeys.Maker(path, project.Directory));
    }

    // What stands beside the cluster counts as well.
    private static SpecificationResult Judged(StackFile file, SpecificationResult cluster)
    {
        var beside = StackKeys.Check(file.Project, file.Config.Select(static pair => KeyValuePair.Create(
            pair.Key,
            pair.Value.Secure is null ? pair.Value.Text ?? pair.Value.Structure?.GetRawText() ?? "" : null)));
        return beside.Count == 0 ? cluster : cluster with { Specification = null, Errors = [.. cluster.Errors, .. beside] };
    }
}
