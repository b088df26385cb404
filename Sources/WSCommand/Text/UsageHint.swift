/// Guesses what the user may have meant by invalid arguments, for the end of the parser's message.
enum UsageHint {
    /// The commands of wstest and their counterparts here.
    private static let wstest = [
        "fuzzingclient": "wsconform server ws://HOST:PORT --profile autobahn --only-autobahn --effort full",
        "fuzzingserver": "wsconform client --profile autobahn --only-autobahn --effort full --driver -- COMMAND {url}",
    ]

    /// Finds a correction for invalid arguments.
    ///
    /// - Parameters:
    ///   - message: The message of the parser.
    ///   - arguments: The arguments, without the program's name.
    /// - Returns: Nil if there is no specific correction, so that the message refers to --help.
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
