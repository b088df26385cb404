import ArgumentParser
package import WSJSON
import WSReport

/// What the section of a configuration file says for a command.
package struct Configuration: Sendable {
    /// A key with its value, as arguments.
    package struct Setting: Sendable, Hashable {
        /// The key as it stands in the file.
        package var key: String
        /// The name of the option that it sets.
        package var option: String
        /// The arguments of the command line that say the same; of a command, those behind `--`.
        package var arguments: [String]
        /// The values by themselves.
        package var values: [String]
        /// Where the key stands.
        package var place: TextPlace
    }

    /// A value that was taken from the environment.
    package struct Variable: Sendable, Hashable {
        /// The name of the variable.
        package var name: String
        /// Its value.
        package var value: String

        /// The value as it is, and each of its lines, because a message of one line has blanks between them.
        fileprivate var forms: [Variable] {
            let lines = value.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { String(Substring($0)) }
            return [self] + lines.filter { $0 != value }.map { Variable(name: name, value: $0) }
        }
    }

    /// The name of the section.
    package var section: String
    /// The settings in the order of the file.
    package var settings: [Setting] = []
    /// The variables that the section uses.
    package var variables: [Variable] = []

    /// A text in which the values of variables are replaced by their names, as the file has them.
    package func masked(_ text: String) -> String {
        // The longest first, because one value may contain another; shorter ones than four octets are no secrets.
        let secrets = variables.flatMap(\.forms).filter { $0.value.utf8.count >= 4 }
        return secrets.sorted { $0.value.utf8.count > $1.value.utf8.count }.reduce(text) { text, variable in
            text.replacing(variable.value, with: "${\(variable.name)}")
        }
    }

    /// The arguments for a command line.
    ///
    /// - Parameters:
    ///   - settings: Some of the settings.
    ///   - section: The name of the section.
    /// - Returns: The arguments behind the name of the command, and what stands behind `--`.
    static func arguments(
        of settings: some Sequence<Setting>,
        for section: String
    ) -> (options: [String], command: [String]?) {
        var options: [String] = []
        var command: [String]?
        for setting in settings {
            guard setting.option == CommandKey.name else {
                options += setting.arguments
                continue
            }
            command = setting.arguments
            if section == ServerCommand.configuration.commandName { options.append("--supervise") }
        }
        return (options, command)
    }
}

/// The key of the command that starts the peer.
enum CommandKey {
    static let name = "command"
}

/// The configuration file of the command that is being carried out.
enum ConfigurationUse {
    /// What the report says of the file; nil if there is none.
    ///
    /// The parser creates commands, so there is no other way to hand one of them a value that is no option.
    @TaskLocal static var current: Report.Configuration?
}
