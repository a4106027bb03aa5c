using PostgresHa.Cli;

return await CommandLine.RunAsync(args);
