import ArgumentParser

/// The options for the configuration file.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read the options that are not given from this file; default: wsconform.json, if it is in the working folder.",
            valueName: "file"
        ),
        completion: .json
    )
    var config: String?

    @Flag(help: "Read no wsconform.json.")
    var noConfig = false

    func validate() throws {
        guard config?.isEmpty != true else { throw ValidationError("--config is empty; name a file") }
        guard config == nil || !noConfig else {
            throw ValidationError("--config and --no-config exclude each other; drop one of them")
        }
    }
}
