import WSControl
import WSKernels
import WSLink
import WSProcess
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Starts clients under test.
protocol ClientLauncher: Sendable {
    /// The name for messages.
    var name: String { get }
    /// The whole command as a user would type it, for messages.
    var commandLine: String { get }
    /// Whether the client gets the address in a way that it cannot miss.
    var namesAddress: Bool { get }

    /// Whether the client can be made to do more than to connect and to echo.
    var performsActions: Bool { get }

    /// Starts the client for one case, or to ask for cases itself.
    ///
    /// - Throws: An error with one line that says why it cannot be started.
    func start(_ task: ClientTask) async throws -> any LaunchedClient
}

extension ClientLauncher {
    /// A command may; its conversations show whether it does.
    var performsActions: Bool { true }

    /// What is no command has only its name.
    var commandLine: String { name }
}

/// A running client.
protocol LaunchedClient: Sendable {
    /// How it ended by itself; nil if the time is up before.
    func ending(within limit: Duration) async -> TargetEnding?
    /// The sanitizer report of the client; nil if there is none.
    func sanitizerReport() async -> String?
    /// The last lines of its output, as the end of a sentence.
    func lastWords() async -> String
    /// Ends it and everything that it started.
    func end() async
}

/// The task that a client is started for.
struct ClientTask: Sendable {
    /// Where clients find us.
    var served: ServedAddress
    /// The part of the addresses of this task before the path, which may be that for IPv6.
    var base: String
    /// The address of the case, or of the control interface.
    var url: String
    /// The address of the same case without a query; nil if there is no case.
    var plainURL: String?
    /// The case; nil if the client asks for cases itself.
    var scenario: Scenario?
    /// The client's name.
    var agent: String
    /// The file for its standard error output.
    var errorLog: String
    /// Whether it is the only client, so that it may read our standard input, which a debugger needs.
    var hasInput = false

    /// The variable that has the address of the case.
    static let addressVariable = "WSCONFORM_URL"

    /// The environment variables for the command.
    var environment: [String: String] {
        var values = [Self.addressVariable: url, "WSCONFORM_AGENT": agent]
        if let page = served.page { values["WSCONFORM_PAGE"] = page }
        if let socketPath = served.endpoint.socketPath { values["WSCONFORM_SOCKET"] = socketPath }
        values.merge(served.environment) { _, own in own }
        if let plainURL { values["WSCONFORM_PLAIN_URL"] = plainURL }
        guard let scenario else { return values }
        values["WSCONFORM_CASE"] = scenario.id
        values["WSCONFORM_SUBPROTOCOLS"] = scenario.driver.subprotocols.joined(separator: ",")
        values["WSCONFORM_ACTION"] = scenario.driver.action.map { ActionText($0).json } ?? ""
        return values
    }
}

/// Starts a user's command as a client.
struct CommandLauncher: ClientLauncher {
    /// The command and its arguments; `{url}`, `{plain-url}` and `{page}` are placeholders for addresses,
    /// `{socket}` for the path of a Unix socket.
    let command: [String]

    var name: String { command.first ?? "" }

    var commandLine: String {
        let line = command.map { ShellWord.quoted($0) }.joined(separator: " ")
        return line.count > Self.longestLine ? line.prefix(Self.longestLine) + "…" : line
    }

    /// The most characters of a command in a message.
    private static let longestLine = 200

    var namesAddress: Bool { Self.namesAddress(command) }

    /// Whether a command has a placeholder for an address.
    static func namesAddress(_ command: [String]) -> Bool {
        command.contains { word in placeholders.contains { word.contains($0) } }
    }

    private static let placeholders = ["{url}", "{plain-url}", "{page}", "{socket}"]

    func start(_ task: ClientTask) async throws -> any LaunchedClient {
        let words = command.map { word in
            word.replacing("{url}", with: task.url).replacing("{plain-url}", with: task.plainURL ?? task.url)
                .replacing("{page}", with: task.served.page ?? "{page}")
                .replacing("{socket}", with: task.served.endpoint.socketPath ?? "{socket}")
        }
        try FileSystem.createFolder(FileSystem.folder(of: task.errorLog))
        let process = try await ClientCommandProcess.start(
            words,
            environment: task.environment,
            errorLog: task.errorLog,
            hasInput: task.hasInput
        )
        return CommandClient(process: process, errorLog: task.errorLog)
    }

    /// The name of a client that gives none: its command, and the program that an interpreter runs.
    ///
    /// It becomes part of addresses, and contains no characters that are escaped there, because some clients escape
    /// them twice.
    static func agentName(of command: [String]) -> String {
        let words = command.prefix(2).filter { !$0.hasPrefix("-") && !$0.contains("{") && !$0.contains("://") }
        let names = words.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let name = String(
            names.joined(separator: "-").map { character in
                let isPlain = character.isASCII && (character.isLetter || character.isNumber)
                return isPlain || "._-".contains(character) ? character : "-"
            }
        )
        return name.isEmpty ? "client" : String(name.prefix(80))
    }
}

private struct CommandClient: LaunchedClient {
    let process: ClientCommandProcess
    let errorLog: String

    func ending(within limit: Duration) async -> TargetEnding? { await process.ending(within: limit) }

    func sanitizerReport() async -> String? { await process.sanitizer }

    func lastWords() async -> String { await process.lastWords }

    func end() async {
        await process.end()
        // An empty log is removed, because most of three hundred cases would have one.
        if (try? FileSystem.read(errorLog))?.isEmpty == true { try? FileSystem.remove(errorLog) }
    }
}
