/// What somebody may have meant whose arguments the parser does not take, as the end of its message.
enum UsageHint {
    /// The commands of wstest and what is the same here.
    private static let wstest = [
        "fuzzingclient": "wsconform server ws://HOST:PORT --profile autobahn --only-autobahn --effort full",
        "fuzzingserver": "wsconform client --profile autobahn --only-autobahn --effort full --driver -- COMMAND {url}",
    ]

    /// Finds the mend of arguments that are not taken.
    ///
    /// - Parameters:
    ///   - message: what the parser says.
    ///   - arguments: what it was given, without the program's name.
    /// - Returns: nil where no mend can be named, and --help has to do.
    static func mend(of message: String, _ arguments: [String]) -> String? {
        if let mode = arguments.first(where: { wstest[$0] != nil }), let same = wstest[mode], !arguments.contains("--")
        {
            return "wstest's \(mode) is \(same)"
        }
        guard arguments.first == "client", message.contains("nexpected argument"), !arguments.contains("--") else {
            return nil
        }
        if arguments.dropFirst().contains(where: { $0.hasPrefix("ws://") }) {
            return "a client under test comes to the address of --listen; a server is tested with wsconform server"
        }
        return "write -- before the command: wsconform client -- COMMAND {url}"
    }
}
