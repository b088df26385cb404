package import ArgumentParser
import WSJSON
import WSLimits
import WSReport
import WSRunFolder

/// A command line, completed by the configuration file that belongs to it.
package struct Invocation: Sendable {
    /// The file that is read without being named.
    package static let standardFile = "wsconform.json"

    /// The options of the commands that a file may have a section for.
    package static let configurable = [
        CommandOptions(of: ServerCommand.self), CommandOptions(of: ClientCommand.self),
    ]

    /// The arguments as the user gave them, without the name of the program.
    private let arguments: [String]
    /// What a file adds; nil if there is none.
    private let added: Added?

    /// What a file adds to a command line.
    private struct Added: Sendable {
        var file: String
        var configuration: Configuration
        /// The settings that the command line does not replace.
        var settings: [Configuration.Setting]
        var given: GivenArguments

        /// The file in the words of a report.
        var use: Report.Configuration {
            let options = Self.names(of: settings)
            let replaced = Self.names(of: configuration.settings).filter { !options.contains($0) }
            return Report.Configuration(file: file, options: options, replaced: replaced)
        }

        private static func names(of settings: [Configuration.Setting]) -> [String] {
            var names: [String] = []
            for setting in settings where !names.contains(setting.option) { names.append(setting.option) }
            return names
        }
    }

    /// Finds the file and reads it.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of the program, without its name.
    ///   - environment: The variables of the process.
    /// - Throws: `ValidationError` with one line if the file cannot be read, or says something wrong.
    package init(_ arguments: [String], environment: [String: String]) throws {
        self.arguments = arguments
        added = try Self.added(to: arguments, environment)
    }

    private static func added(to arguments: [String], _ environment: [String: String]) throws -> Added? {
        guard let section = section(for: arguments.first),
            let options = configurable.first(where: { $0.command == section })
        else { return nil }
        // The doctor takes what it knows of the section of servers.
        let own = section == arguments.first ? options : CommandOptions(of: DoctorCommand.self)
        let given = GivenArguments(Array(arguments.dropFirst()), own)
        guard !given.asksForHelp, !given.has("no-config") else { return nil }
        let named = given.values["config"]?.last
        // A link that leads nowhere is a file that cannot be read.
        let isThere = FileSystem.exists(standardFile) || FileSystem.isLink(standardFile)
        // An empty name is refused by the parser.
        guard let file = named ?? (isThere ? standardFile : nil), !file.isEmpty else {
            return nil
        }
        let configuration: Configuration?
        do {
            configuration = try ConfigurationReader.read(
                FileSystem.read(file, limit: Limits.configurationFile),
                in: FileSystem.folder(of: file),
                for: options.command,
                among: configurable,
                environment: environment
            )
        } catch let error as JSONError {
            throw ValidationError("\(file): \(error)")
        } catch {
            throw ValidationError("\(error)\(named == nil ? ", or read none with --no-config" : "")")
        }
        guard configuration != nil || named == nil else {
            throw ValidationError("\(file) has no section for this; add \"\(options.command)\": {…}")
        }
        let said = configuration ?? Configuration(section: options.command)
        let replaced = given.replaced(in: options.command)
        let settings = said.settings.filter { setting in
            !replaced.contains(setting.option) && !given.contradicts(setting)
                && (section == arguments.first || own[setting.option] != nil && setting.option != "format")
        }
        return Added(file: file, configuration: said, settings: settings, given: given)
    }

    /// The section that belongs to a command; nil if it reads no file.
    private static func section(for command: String?) -> String? {
        let server = ServerCommand.configuration.commandName
        switch command {
        case server, ClientCommand.configuration.commandName: return command
        case DoctorCommand.configuration.commandName: return server
        default: return nil
        }
    }

    // MARK: - Carrying it out

    /// Parses the arguments and carries the command out.
    package func run() async throws {
        guard let added else { return try await Self.run(parsed()) }
        try await ConfigurationUse.$current.withValue(added.use) {
            let command = try await parsed()
            let names = added.settings.map(\.key).joined(separator: ", ")
            if !names.isEmpty, !Self.isQuiet(command) { Console.tell("\(added.file) is read: \(names)") }
            do {
                try await Self.run(command)
            } catch let error as ValidationError {
                throw explained(error, added)
            }
        }
    }

    /// The command as the parser makes it of the arguments and the file.
    package func parsed() async throws -> sending any ParsableCommand {
        guard let added else { return try await Wsconform.asyncParseAsRoot(arguments) }
        do {
            return try await Wsconform.asyncParseAsRoot(merged(added.settings, added))
        } catch {
            guard Wsconform.exitCode(for: error) == .validationFailure else { throw error }
            throw explained(error, added)
        }
    }

    private static func run(_ command: sending any ParsableCommand) async throws {
        var command = command
        if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    }

    private static func isQuiet(_ command: any ParsableCommand) -> Bool {
        (command as? ServerCommand)?.output.quiet ?? (command as? ClientCommand)?.output.quiet ?? false
    }

    /// The command line with these settings of the file; those of the user come last.
    private func merged(_ settings: some Sequence<Configuration.Setting>, _ added: Added) -> [String] {
        var (options, command) = Configuration.arguments(of: settings, for: added.configuration.section)
        if added.given.has("supervise") { options.removeAll { $0 == "--supervise" } }
        command = added.given.command ?? command
        return arguments.prefix(1) + options + arguments.dropFirst().prefix { $0 != "--" } + Self.behindDashes(command)
    }

    private static func behindDashes(_ command: [String]?) -> [String] { command.map { ["--"] + $0 } ?? [] }

    // MARK: - Errors

    /// An error of the parser, with the key of the file that is to blame for it.
    private func explained(_ error: any Error, _ added: Added) -> any Error {
        // A command first, because other keys need it.
        let settings =
            added.settings.filter { $0.option == CommandKey.name }
            + added.settings.filter { $0.option != CommandKey.name }
        for count in settings.indices.map({ $0 + 1 }) {
            let (options, command) = Configuration.arguments(
                of: settings.prefix(count),
                for: added.configuration.section
            )
            let words = arguments.prefix(1) + options + Self.behindDashes(command)
            guard let wrong = Self.refusal(Array(words)) else { continue }
            return located(Wsconform.message(of: wrong), settings[count - 1], added)
        }
        if let wrong = Self.refusal(arguments) { return wrong }
        return ValidationError("\(added.file) and the command line together: \(masked(error, added))")
    }

    /// An error of the run, with the key of the file whose value it names.
    private func explained(_ error: ValidationError, _ added: Added) -> ValidationError {
        let text = masked(error, added)
        let culprit = added.settings.first { setting in
            // The text has values as the file has them.
            setting.values.map(added.configuration.masked).contains { value in
                !value.isEmpty && (text.contains("'\(value)'") || text.hasPrefix(value))
            }
        }
        return culprit.map { located(text, $0, added) } ?? ValidationError(text)
    }

    private func located(_ text: String, _ setting: Configuration.Setting, _ added: Added) -> ValidationError {
        let key = "\(added.configuration.section).\(setting.key)"
        // A value of many kilobytes would leave no room for what is wrong with it.
        let short = setting.values.reduce(added.configuration.masked(text)) { text, value in
            let value = added.configuration.masked(value)
            let cut = Limits.quotation.cut(value)
            return cut == value ? text : text.replacing(value, with: cut)
        }
        return ValidationError("\(added.file): \(setting.place): \(key): \(short)")
    }

    private func masked(_ error: any Error, _ added: Added) -> String {
        added.configuration.masked(Wsconform.message(of: error))
    }

    /// Why the parser refuses arguments; nil if it takes them.
    private static func refusal(_ arguments: [String]) -> (any Error)? {
        do {
            _ = try Wsconform.parseAsRoot(arguments)
            return nil
        } catch {
            return Wsconform.exitCode(for: error) == .validationFailure ? error : nil
        }
    }
}

extension GivenArguments {
    /// The options of a file that a command line takes the place of.
    ///
    /// An option replaces itself, with all of its values. Besides, what says whom to test, or what counts, replaces
    /// whatever else the file says about that.
    ///
    /// - Parameter section: The name of the command.
    /// - Returns: Their names.
    func replaced(in section: String) -> Set<String> {
        var names = Set(values.keys)
        let isServer = section == ServerCommand.configuration.commandName
        if command != nil { names.formUnion(isServer ? [CommandKey.name] : [CommandKey.name, "driver", "embedded"]) }
        if has("url") || has("embedded") {
            names.formUnion(
                isServer ? ["url", "embedded", CommandKey.name, "connect-to"] : [CommandKey.name, "driver"]
            )
        }
        if isServer {
            if has("url") || has("embedded") { names.formUnion(Self.targetTLS) }
            // A proxy leads to hosts alone.
            let isUnix = values["url"]?.last?.lowercased().hasPrefix("ws+unix:") ?? false
            if has("embedded") || isUnix { names.insert("proxy") }
            if has("ca") || has("insecure") { names.formUnion(["ca", "insecure"]) }
        } else if let listen = values["listen"]?.last, !listen.lowercased().hasPrefix("wss:") {
            names.formUnion(["cert", "key", "tls-min"])
        }
        if has("strict") || has("fail-on") { names.formUnion(["strict", "fail-on"]) }
        if values["fail-on"]?.last == "never" { names.insert("baseline") }
        return names
    }

    /// Whether a setting of a file makes no sense beside what the command line says.
    func contradicts(_ setting: Configuration.Setting) -> Bool {
        setting.option == "fail-on" && setting.values == ["never"] && has("baseline")
    }

    /// How TLS is spoken with a target.
    private static let targetTLS = ["ca", "insecure", "server-name", "client-cert", "client-key", "tls-min"]
}
