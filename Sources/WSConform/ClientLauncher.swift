import WSControl
import WSLink
import WSProcess
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Starts a client under test.
protocol ClientLauncher: Sendable {
    /// How it is called in messages.
    var name: String { get }
    /// Whether it is given the address where it cannot be overlooked.
    var namesAddress: Bool { get }

    /// Starts it for one case, or to ask for cases itself.
    ///
    /// - Throws: one line that says why it cannot be started.
    func start(_ task: ClientTask) async throws -> any LaunchedClient
}

/// A client that runs.
protocol LaunchedClient: Sendable {
    /// How it ended by itself; nil where the time passed before.
    func ending(within limit: Duration) async -> TargetEnding?
    /// Whether its sanitizer spoke up, and what it said first.
    func sanitizerReport() async -> String?
    /// The last lines that it wrote, as the end of a sentence.
    func lastWords() async -> String
    /// Ends it with all it has started.
    func end() async
}

/// What a client is started for.
struct ClientTask: Sendable {
    /// Our host and port.
    var authority: String
    /// The address: of a case, or of everything.
    var url: String
    /// The same case without a query; nil where no case is meant.
    var plainURL: String?
    /// The address of the page for browsers.
    var page: String
    /// The case; nil where the client asks for cases itself.
    var scenario: Scenario?
    /// The client's name.
    var agent: String
    /// Where what it writes to standard error goes.
    var errorLog: String
    /// Whether it is alone, so that it may have our standard input: a debugger wants to be told what to do.
    var hasInput = false

    /// What a command is told besides its arguments.
    var environment: [String: String] {
        var values = ["WSCONFORM_URL": url, "WSCONFORM_AGENT": agent, "WSCONFORM_PAGE": page]
        if let plainURL { values["WSCONFORM_PLAIN_URL"] = plainURL }
        guard let scenario else { return values }
        values["WSCONFORM_CASE"] = scenario.id
        values["WSCONFORM_SUBPROTOCOLS"] = scenario.driver.subprotocols.joined(separator: ",")
        values["WSCONFORM_ACTION"] = scenario.driver.action.map { ActionText($0).json } ?? ""
        return values
    }
}

/// A command of the user's.
struct CommandLauncher: ClientLauncher {
    /// The command and its arguments, in which `{url}`, `{plain-url}` and `{page}` stand for addresses.
    let command: [String]

    var name: String { command.first ?? "" }

    var namesAddress: Bool {
        command.contains { word in Self.placeholders.contains { word.contains($0) } }
    }

    private static let placeholders = ["{url}", "{plain-url}", "{page}"]

    func start(_ task: ClientTask) async throws -> any LaunchedClient {
        let words = command.map { word in
            word.replacing("{url}", with: task.url).replacing("{plain-url}", with: task.plainURL ?? task.url)
                .replacing("{page}", with: task.page)
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

    /// What a client that has no name for itself is called: its command, and the program that an interpreter runs.
    ///
    /// It stands in addresses, and has nothing in it that would be escaped there: some clients escape it once more.
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
        // A log for each of three hundred cases is of no use when most have nothing in them.
        if (try? FileSystem.read(errorLog))?.isEmpty == true { try? FileSystem.remove(errorLog) }
    }
}
