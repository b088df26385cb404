import ArgumentParser
import WSConform
import WSLink
import WSModelPeer
import WSRunFolder
import WSTransport

/// The command `wsconform echo`.
struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Serve the model peer, right in everything but the defects it is given.",
        discussion: """
            wsconform echo --port 9001
            wsconform echo --port 9001 --defect wrong-pong-payload
            wsconform echo --port 9443 --tls
            """
    )

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The port to listen on; 0 takes a free one.", valueName: "number")
    )
    var port = 9001

    @Flag(name: .customLong("tls"), help: "Speak TLS.")
    var isSecure = false

    @OptionGroup
    var tls: ServerTLSOptions

    @Option(name: .customLong("defect"), help: ArgumentHelp("Do this wrong; may be repeated.", valueName: "name"))
    var defects: [String] = []

    @Flag(help: "List the defects and end.")
    var listDefects = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port \(port) is out of range; give a number from 0 to 65535")
        }
        _ = try chosenDefects()
        _ = try tls.settings(isSecure: isSecure, mend: "add --tls")
    }

    func run() async throws {
        guard !listDefects else {
            Console.out(DefectText.list)
            return
        }
        let (defects, ofProcess) = try chosenDefects()
        try await Self.serve(
            at: .tcp(host: host, port: port),
            called: "\(host) port \(port)",
            ModelServerSettings(version: ToolIdentity.version, defects: defects),
            ofProcess,
            tls: try tls.settings(isSecure: isSecure, mend: "add --tls"),
            mend: "choose another --host or --port"
        )
    }

    /// Serves the model peer until a signal comes.
    ///
    /// - Parameters:
    ///   - endpoint: Where it listens.
    ///   - name: The endpoint as the user gave it.
    ///   - settings: Its settings.
    ///   - ofProcess: The defects that end or harm this process.
    ///   - tls: How TLS is spoken; nil without TLS.
    ///   - mend: What to do if the endpoint cannot be listened on.
    /// - Throws: `RunTrouble` with one line if that is so.
    static func serve(
        at endpoint: Endpoint,
        called name: String,
        _ settings: ModelServerSettings = ModelServerSettings(version: ToolIdentity.version),
        _ ofProcess: Set<ProcessDefect> = [],
        tls: ServerTLS? = nil,
        mend: String
    ) async throws {
        // If the event loops cannot open their files, the process ends, so the limit is raised first.
        _ = try OpenFiles.provide(forJobs: 1) { Console.tell($0) }
        let secured = try await tls?.open(for: endpoint.host ?? "localhost")
        defer { secured?.close() }
        let acceptor: any Acceptor
        let limit = LinkDuration.seconds(10)
        do {
            acceptor = try await Sockets.accept(at: endpoint, connectTimeout: limit, security: secured?.security) {
                guard ofProcess.isEmpty else { return CrashingServer(settings, defects: ofProcess) }
                return ModelServer(settings)
            }
        } catch {
            throw RunTrouble("\(name) cannot be listened on: \(error); \(mend)")
        }
        let scheme = tls == nil ? "ws" : "wss"
        let authority = secured?.authorities.map { "its certificate is signed by the authority in \($0)\n" } ?? ""
        await Signals.first { Console.out("listening on \(scheme)://\(acceptor.endpoint)\n\(authority)") }
        await acceptor.close()
    }

    private func chosenDefects() throws -> (Set<ModelDefect>, Set<ProcessDefect>) {
        var chosen: Set<ModelDefect> = []
        var ofProcess: Set<ProcessDefect> = []
        for name in defects {
            if let defect = ModelDefect(rawValue: name) {
                chosen.insert(defect)
            } else if let defect = ProcessDefect(rawValue: name) {
                ofProcess.insert(defect)
            } else {
                throw ValidationError("there is no defect '\(name)'; --list-defects shows them all")
            }
        }
        return (chosen, ofProcess)
    }
}
