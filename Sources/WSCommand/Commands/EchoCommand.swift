import ArgumentParser
import WSConform
import WSLink
import WSModelPeer
import WSRunFolder
import WSRunner
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
            wsconform echo --port 9001 --http2
            wsconform echo --listen unix:///run/echo.sock
            """
    )

    @Option(
        help: ArgumentHelp(
            "Listen here, in place of --host and --port: HOST:PORT, or a Unix socket, unix:///PATH.",
            valueName: "host:port"
        ),
        transform: ListeningAddress.parse
    )
    var listen: ListeningAddress?

    @Option(help: ArgumentHelp("The address to listen on. Default: 127.0.0.1.", valueName: "address"))
    var host: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The port to listen on; 0 takes a free one. Default: 9001.", valueName: "number")
    )
    var port: Int?

    @Flag(name: .customLong("tls"), help: "Speak TLS.")
    var isSecure = false

    @Flag(
        name: .customLong("http2"),
        help: "Speak HTTP/2, too (RFC 8441): with clients that begin with its preface, and by ALPN with --tls."
    )
    var speaksHTTP2 = false

    @OptionGroup
    var tls: ServerTLSOptions

    @Option(
        name: .customLong("defect"),
        help: ArgumentHelp("Do this wrong; may be repeated.", valueName: "name"),
        completion: .list(EchoCommand.defectNames)
    )
    var defects: [String] = []

    @Flag(help: "List the defects and end.")
    var listDefects = false

    func validate() throws {
        guard (0...65_535).contains(port ?? 0) else {
            throw ValidationError("--port \(port ?? 0) is out of range; give a number from 0 to 65535")
        }
        guard listen == nil || host == nil && port == nil else {
            throw ValidationError("--listen names host and port; drop --host and --port")
        }
        guard !isSecure || listen?.endpoint.socketPath == nil else {
            throw ValidationError("--tls is not spoken on a Unix socket; drop it, or give --host and --port")
        }
        let (_, ofProcess) = try chosenDefects()
        guard !speaksHTTP2 || ofProcess.isEmpty else {
            throw ValidationError("--defect \(ofProcess.map(\.rawValue).min() ?? "") needs HTTP/1.1; drop --http2")
        }
        _ = try tls.settings(isSecure: isSecure || listen?.isSecure == true, mend: "add --tls")
    }

    func run() async throws {
        guard !listDefects else {
            Console.out(DefectText.list)
            return
        }
        let (defects, ofProcess) = try chosenDefects()
        let (host, port) = (host ?? "127.0.0.1", port ?? 9001)
        try await Self.serve(
            at: listen?.endpoint ?? .tcp(host: host, port: port),
            called: listen.map { "\($0.endpoint)" } ?? "\(host) port \(port)",
            ModelServerSettings(version: ToolIdentity.version, defects: defects),
            ofProcess,
            speaksHTTP2: speaksHTTP2,
            tls: try tls.settings(isSecure: isSecure || listen?.isSecure == true, mend: "add --tls"),
            mend: listen == nil ? "choose another --host or --port" : "choose another --listen"
        )
    }

    /// Serves the model peer until a signal comes.
    ///
    /// - Parameters:
    ///   - endpoint: Where it listens.
    ///   - name: The endpoint as the user gave it.
    ///   - settings: Its settings.
    ///   - ofProcess: The defects that end or harm this process.
    ///   - speaksHTTP2: Whether it speaks HTTP/2, too.
    ///   - tls: How TLS is spoken; nil without TLS.
    ///   - mend: What to do if the endpoint cannot be listened on.
    /// - Throws: `RunTrouble` with one line if that is so.
    static func serve(
        at endpoint: Endpoint,
        called name: String,
        _ settings: ModelServerSettings = ModelServerSettings(version: ToolIdentity.version),
        _ ofProcess: Set<ProcessDefect> = [],
        speaksHTTP2: Bool = false,
        tls: ServerTLS? = nil,
        mend: String
    ) async throws {
        // If the event loops cannot open their files, the process ends, so the limit is raised first.
        _ = try OpenFiles.provide(forJobs: 1) { Console.tell($0) }
        let secured = try await tls?.open(for: endpoint.host ?? "localhost")
        defer { secured?.close() }
        // The protocols of TLS are chosen before there is a machine that could wish for any.
        let wish = speaksHTTP2 ? EitherServer(settings).securityWish : .usual
        let security = try secured.map { try $0.security.adjusted(to: wish) }
        let acceptor: any Acceptor
        let limit = LinkDuration.seconds(10)
        do {
            acceptor = try await Sockets.accept(at: endpoint, connectTimeout: limit, security: security) {
                guard ofProcess.isEmpty else { return CrashingServer(settings, defects: ofProcess) }
                return speaksHTTP2 ? EitherServer(settings) : ModelServer(settings)
            }
        } catch {
            let first = error.mend.map { "\($0), or " } ?? ""
            throw RunTrouble("\(name) cannot be listened on: \(error); \(first)\(mend)")
        }
        let served = ServedAddress(
            endpoint: acceptor.endpoint,
            isSecure: tls != nil,
            authorities: secured?.authorities
        )
        let authority = served.authorities.map { "its certificate is signed by the authority in \($0)\n" } ?? ""
        let more =
            !speaksHTTP2 ? "" : tls == nil ? "h2c+ws:// in its place is HTTP/2\n" : "HTTP/2 where TLS agrees on it\n"
        await Signals.first { Console.out("listening on \(served.url)\n\(more)\(authority)") }
        await acceptor.close()
    }

    /// The names of all defects, of the server and of its process.
    private static let defectNames = ModelDefect.allCases.map(\.rawValue) + ProcessDefect.allCases.map(\.rawValue)

    private func chosenDefects() throws -> (Set<ModelDefect>, Set<ProcessDefect>) {
        var chosen: Set<ModelDefect> = []
        var ofProcess: Set<ProcessDefect> = []
        for name in defects {
            if let defect = ModelDefect(rawValue: name) {
                chosen.insert(defect)
            } else if let defect = ProcessDefect(rawValue: name) {
                ofProcess.insert(defect)
            } else {
                let meant = UsageHint.meant(name, Self.defectNames).map { "did you mean '\($0)'?" }
                throw ValidationError("there is no defect '\(name)'; \(meant ?? "--list-defects shows them all")")
            }
        }
        return (chosen, ofProcess)
    }
}
