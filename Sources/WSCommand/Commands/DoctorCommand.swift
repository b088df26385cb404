import ArgumentParser
import WSConform
import WSProtocol
import WSRender
import WSReport
import WSRunner

/// The command `wsconform doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out whether a server can be tested, what would run, and with which command.",
        discussion: """
            wsconform doctor ws://127.0.0.1:9001
            wsconform doctor wss://127.0.0.1:9443/chat --ca ca.pem --header 'Authorization: Bearer abc'

            A few conversations, no case: is it reached, does it speak TLS and WebSocket, what does it do with messages, \
            what does it agree to, and how does it end. Without an address, what wsconform.json says of the server; its \
            command is not started.

            Exit status: 0 a run can begin, 2 it cannot, 64 wrong usage.
            """
    )

    @Argument(help: "The server's address: ws://HOST[:PORT][/PATH], wss:// for TLS, or ws+unix:///SOCKET:/PATH.")
    var url: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Wait so many seconds for an answer, at most 60.", valueName: "seconds")
    )
    var patience: Double = 3

    @Option(help: "How the findings are printed.")
    var format = DiagnosisText.Format.text

    @OptionGroup(title: "Which cases")
    var selection: SelectionOptions

    @OptionGroup(title: "How connections get there")
    var way: RouteOptions

    @OptionGroup(title: "What the handshake says")
    var handshake: HandshakeOptions

    @OptionGroup(title: "How TLS is spoken")
    var tls: TargetTLSOptions

    @OptionGroup(title: "What becomes of it")
    var file: ConfigurationOptions

    @Flag(help: "Print without colour.")
    var noColor = false

    /// The configuration file that names this server and a command that starts it; nil if there is none.
    private static var fileWithCommand: String? {
        guard let use = ConfigurationUse.current, use.options.contains("url"), use.replaced.contains("command") else {
            return nil
        }
        return use.file
    }

    func validate() throws {
        guard patience > 0, patience <= 60 else {
            throw ValidationError("--patience \(patience) is out of range; give seconds, more than 0 and at most 60")
        }
        try NamedServer.check(url, by: way, tls)
    }

    func run() async throws {
        let server = try await NamedServer(url, by: way, tls)
        guard let address = server.url else {
            throw ValidationError(
                "no server is named; give an address such as ws://127.0.0.1:9001, or write wsconform.json with "
                    + "{\"server\": {\"url\": \"ws://127.0.0.1:9001\"}}"
            )
        }
        var selection = selection
        selection.sparesTarget = server.isRemote
        var settings = RunSettings(out: OutputOptions.standardFolder)
        settings.selection = selection.selection
        settings.timeout = SilenceLimit(seconds: patience)
        settings.configuration = ConfigurationUse.current
        var test = ServerTest(
            scenarios: try selection.scenarios(for: .server, over: server.target.transport(by: server.route)),
            settings: settings,
            handshake: handshake.content
        )
        server.lead(&test)
        for note in server.notes { Console.tell(note) }
        let security = server.target.security
        let diagnosis = try await test.diagnose(address, security: security, isRemote: server.isRemote)
        let text = DiagnosisText(diagnosis, style: TextStyle(hasColour: Console.wantsColour(noColour: noColor)))
        if diagnosis.reach == .none, let file = Self.fileWithCommand {
            Console.tell("the command of \(file) is not started here, only by wsconform server; start the server first")
        }
        Console.out(try format == .json ? text.json() : text.lines.joined(separator: "\n") + "\n")
        throw ExitCode(diagnosis.isReady ? ExitStatus.asExpected.rawValue : ExitStatus.undecided.rawValue)
    }
}

extension DiagnosisText.Format: ExpressibleByArgument {}
