package import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The options of a command, as its own parser describes them.
///
/// A configuration file has the long names as keys, so an option needs no code to stand in a file.
package struct CommandOptions: Sendable {
    /// What a key of a file holds.
    package enum Content: Sendable, Hashable {
        /// True or false.
        case flag
        /// A string.
        case text
        /// A number, or a string such as `64M` or `never`.
        case number
        /// A file or a folder, from the folder of the configuration file.
        case path
        /// The words of a command.
        case command
    }

    /// An option, or an argument without a name.
    package struct Option: Sendable, Hashable {
        /// The long name without hyphens, or the name of the argument's value.
        package var name: String
        /// What its value is.
        package var content: Content
        /// Whether it may be given several times.
        package var isRepeating = false
        /// Whether it has no name on the command line.
        package var isPositional = false
        /// The values that there are; empty if that is not said.
        package var values: [String] = []
        /// What the help says of it.
        package var help = ""
    }

    /// The command's name, which is that of its section in a file.
    package let command: String
    /// All options and arguments.
    package let all: [Option]

    /// Reads what the parser knows of a command.
    package init(of command: any ParsableCommand.Type) {
        let dump = try? JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8))
        self.command = command.configuration.commandName ?? ""
        all = (dump?.command.arguments ?? []).compactMap { $0.option }
    }

    /// The options that a file may have.
    package var inFiles: [Option] { all.filter { !Self.ofCommandLine.contains($0.name) } }

    /// The option with this name.
    package subscript(name: String) -> Option? { all.first { $0.name == name } }

    /// What makes no sense in a file; `--supervise` is what a `command` there means.
    private static let ofCommandLine: Set<String> = [
        "help", "version", "config", "no-config", "supervise", "debug", "defect", "list-defects",
    ]

    /// The part of the parser's description that is used.
    private struct Dump: Decodable {
        var command: Command

        struct Command: Decodable {
            var arguments: [Argument]
        }

        struct Argument: Decodable {
            var kind: String
            var isRepeating: Bool
            var shouldDisplay: Bool
            var parsingStrategy: String
            var preferredName: Name?
            var valueName: String?
            var allValues: [String]?
            var abstract: String?

            var option: Option? {
                guard shouldDisplay, let name = preferredName?.name ?? valueName else { return nil }
                var option = Option(name: name, content: content, isRepeating: isRepeating, values: allValues ?? [])
                option.isPositional = kind == "positional"
                option.help = abstract ?? ""
                return option
            }

            private var content: Content {
                if kind == "flag" { return .flag }
                if parsingStrategy == "postTerminator" { return .command }
                return switch valueName {
                case "file", "folder": .path
                case "number", "seconds", "size": .number
                default: .text
                }
            }
        }

        struct Name: Decodable {
            var name: String
        }
    }
}

/// What a command line says of a command's options.
struct GivenArguments: Sendable {
    /// The values of the options that are there, by name; a flag has none.
    private(set) var values: [String: [String]] = [:]
    /// The command behind `--`; nil if there is none.
    private(set) var command: [String]?

    /// Reads arguments without judging them; what the parser will refuse is passed over.
    ///
    /// - Parameters:
    ///   - arguments: The arguments behind the name of the command.
    ///   - options: The options of the command.
    init(_ arguments: [String], _ options: CommandOptions) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                command = rest.isEmpty ? nil : Array(rest)
                return
            }
            if argument == "-h" { values["help"] = [] }
            guard argument.hasPrefix("--") else {
                // Only the first one is an address; the parser refuses a second one.
                let isOption = argument.hasPrefix("-")
                if !isOption, let name = options.all.first(where: { $0.isPositional && $0.content != .command })?.name {
                    values[name, default: []].append(argument)
                }
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            var value = parts.count == 2 ? String(parts[1]) : nil
            if value == nil, let option = options[name], option.content != .flag { value = rest.popFirst() }
            values[name, default: []] += value.map { [$0] } ?? []
        }
    }

    /// Whether an option is there.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// Whether help is asked for, which needs no file.
    var asksForHelp: Bool { has("help") || has("version") || values.keys.contains { $0.hasPrefix("experimental-") } }
}
