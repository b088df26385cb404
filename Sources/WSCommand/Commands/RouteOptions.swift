import ArgumentParser
import WSConform
import WSLink
import WSRunner
import WSTransport

/// The options for how connections get to a server.
struct RouteOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Connect to this place, and speak to the name in the address, as with curl: HOST:PORT, or unix:///PATH.",
            valueName: "host:port"
        ),
        transform: RouteOptions.endpoint
    )
    var connectTo: Endpoint?

    // It is parsed later, because the parser's own messages would show the password.
    @Option(
        help: ArgumentHelp(
            """
            Connect through this HTTP proxy with CONNECT: http://[USER:PASSWORD@]HOST:PORT. Default: for targets that are not \
            this machine, what HTTPS_PROXY, HTTP_PROXY or ALL_PROXY name and NO_PROXY does not except; none goes directly.
            """,
            valueName: "url"
        )
    )
    var proxy: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Begin at most so many connections a second, 1 to 10000.", valueName: "number")
    )
    var rate: Int?

    @Flag(
        help: """
            Speak over HTTP/2 (RFC 8441): with wss:// as TLS agrees on it, without TLS by prior knowledge, which \
            h2c+ws:// says as well.
            """
    )
    var http2 = false

    @Flag(
        help: """
            With wss://, ask the server first: speak over HTTP/2 where it chooses h2 and its SETTINGS offer WebSocket, \
            and HTTP/1.1 where not.
            """
    )
    var http2IfOffered = false

    func validate() throws {
        guard !http2 || !http2IfOffered else {
            throw ValidationError("--http2 and --http2-if-offered exclude each other; drop one of them")
        }
        guard rate.map({ (1...10_000).contains($0) }) ?? true else {
            throw ValidationError("--rate \(rate ?? 0) is out of range; give a number from 1 to 10000")
        }
    }

    /// The first option that was given; nil if none was.
    var given: String? {
        if connectTo != nil { return "--connect-to" }
        if proxy != nil { return "--proxy" }
        if http2 { return "--http2" }
        if http2IfOffered { return "--http2-if-offered" }
        return rate == nil ? nil : "--rate"
    }

    /// The route that the options describe.
    ///
    /// - Parameter target: The address of the server; nil for the built-in one.
    /// - Throws: `ValidationError` with one line if they do not fit the address.
    /// - Returns: The route.
    func route(to target: TargetURL?) throws -> Route {
        if connectTo != nil, target?.socketPath != nil {
            throw ValidationError("--connect-to needs the name of a host in the address; write ws://HOST/PATH")
        }
        if connectTo != nil, target == nil {
            throw ValidationError(
                "--connect-to needs an address whose name is spoken to; write ws://HOST/PATH before it"
            )
        }
        if http2IfOffered, target?.isSecure != true {
            throw ValidationError(
                "--http2-if-offered needs an address with wss://, as TLS says what is offered; without TLS, h2c+ws:// "
                    + "speaks HTTP/2 and ws:// HTTP/1.1"
            )
        }
        var route = Route()
        route.connectTo = connectTo
        route.rate = rate
        route.isHTTP2 = http2
        guard let proxy else {
            route.takesProxyOfEnvironment = true
            return route
        }
        guard proxy != "none" else { return route }
        guard let endpoint = connectTo ?? target?.endpoint else {
            throw ValidationError("--embedded is reached without a proxy; drop --proxy")
        }
        guard endpoint.port != nil else {
            throw ValidationError("--proxy leads to no Unix socket; drop it, or give the address of a host")
        }
        do {
            route.proxy = try ProxyAddress(proxy)
        } catch {
            throw ValidationError("--proxy cannot be used: \(error)")
        }
        return route
    }

    /// Checks that no server is asked that is not there yet.
    ///
    /// - Throws: `ValidationError` with one line.
    func check(supervise: Bool) throws {
        guard supervise, http2IfOffered else { return }
        throw ValidationError(
            "--http2-if-offered asks a server that runs, and --supervise starts it later; say --http2, or drop it"
        )
    }

    @Sendable
    private static func endpoint(_ text: String) throws -> Endpoint {
        guard let endpoint = Endpoint(listening: text), endpoint.port != 0 else {
            throw ValidationError("'\(text)' is no place to connect to; write HOST:PORT, or unix:///PATH/OF/SOCKET")
        }
        if let problem = endpoint.problem { throw ValidationError(problem) }
        return endpoint
    }
}

extension ServerCommand {
    /// Asks less of a target that is not this machine.
    ///
    /// - Returns: A line that says so; nil if the user has asked for everything.
    func spare(
        _ target: TargetURL,
        _ selection: inout SelectionOptions,
        _ jobs: inout Int
    ) -> String? {
        selection.sparesTarget = true
        var lines: [String] = []
        if pace.wantedJobs == nil {
            jobs = min(jobs, RemoteTarget.jobs)
            lines.append("\(jobs) conversations at a time (--jobs)")
        }
        if selection.cases.isEmpty {
            lines.append("no case of many megabytes (--cases '\(RemoteTarget.pattern)')")
        }
        guard !lines.isEmpty else { return nil }
        return
            "\(target.authority) is not this machine: \(lines.joined(separator: ", ")); --rate bounds connections"
    }
}
