import ArgumentParser
import WSCatalogue

/// Guesses what the user may have meant by invalid arguments.
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

    /// Finds a command that does not exist.
    ///
    /// - Parameter arguments: The arguments, without the program's name.
    /// - Returns: A message with what was meant, or what there is; nil if the arguments name no unknown command.
    static func unknownCommand(_ arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = Wsconform.self
        for argument in arguments {
            let names = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { name(of: $0) }
            guard !names.isEmpty, command.configuration.defaultSubcommand == nil, argument != "help",
                !argument.hasPrefix("-"), wstest[argument] == nil
            else { return nil }
            guard let next = command.configuration.subcommands.first(where: { name(of: $0) == argument }) else {
                // Whoever forgets the command often begins with the address.
                let isAddress = argument.contains("://")
                let mend =
                    isAddress
                    ? "write wsconform server \(argument)"
                    : meant(argument, names).map { "did you mean '\($0)'?" }
                        ?? "there are \(names.joined(separator: ", "))"
                return "there is no command '\(argument)'; \(mend)"
            }
            command = next
        }
        return nil
    }

    /// The name that was probably meant by an unknown one; nil if none is near.
    static func meant(_ name: String, _ names: [String]) -> String? {
        // A longer text is no mistyped name.
        guard name.utf8.count <= longestName else { return nil }
        if let same = names.first(where: { $0.lowercased() == name.lowercased() }) { return same }
        return Suggestions.nearest(names, to: name).first
    }

    private static let longestName = 80

    /// Finds an option that the command does not have.
    ///
    /// The parser reports it last: after a missing argument, and after the message of ``ParsableArguments/validate()``,
    /// which is wrong if the value of a mistyped option was taken for a file or an address.
    ///
    /// - Parameter arguments: The arguments, without the program's name.
    /// - Returns: The parser's message about the option; nil if all options exist.
    static func unknownOption(_ arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = Wsconform.self
        var known = options(of: command)
        for argument in arguments.prefix(while: { $0 != "--" }) {
            if let next = command.configuration.subcommands.first(where: { name(of: $0) == argument }) {
                command = next
                known = options(of: command)
            }
            let option = String(argument.prefix { $0 != "=" })
            guard isOption(option), !known.contains(option) else { continue }
            guard option.hasPrefix("--") else { return "Unknown option '\(option)'" }
            let near = known.map { (Suggestions.distance(option, $0), $0) }.min { $0 < $1 }
            guard let near, near.0 <= mostTypos else { return "Unknown option '\(option)'" }
            return "Unknown option '\(option)'. Did you mean '\(near.1)'?"
        }
        return nil
    }

    private static let mostTypos = 2

    /// Whether an argument looks like an option: `--name`, or a letter behind one hyphen.
    private static func isOption(_ argument: String) -> Bool {
        argument.wholeMatch(of: /--[A-Za-z].*|-[A-Za-z]/) != nil
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    /// The options in the help of a command.
    private static func options(of command: any ParsableCommand.Type) -> Set<String> {
        let help = Wsconform.helpMessage(for: command, includeHidden: true, columns: 10_000)
        let long = help.matches(of: /--[a-z][a-z0-9-]*/).map { String($0.output) }
        let short = help.matches(of: /(?:^|[ \[])(-[a-z])\b/).map { String($0.output.1) }
        return Set(long + short)
    }
}
