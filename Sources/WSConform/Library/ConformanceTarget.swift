/// What is tested: a server at an address, or a client that is started for each case.
///
/// It describes the target; nothing is opened before a case is run. Targets with the same values are the same target,
/// so that what a run learns about one is learned once. A closure is the same only as itself: make a target of it once,
/// and give that to all cases.
public struct ConformanceTarget: Sendable, CustomStringConvertible {
    let kind: TargetKind

    /// A server at an address: `ws://HOST[:PORT][/PATH]`, `wss://` for TLS, or `ws+unix:///SOCKET:/PATH`.
    ///
    /// - Parameters:
    ///   - url: The address (RFC 6455, section 3).
    ///   - handshake: What opening handshakes contain besides what every one needs.
    ///   - tls: How TLS is spoken, if the address asks for it.
    ///   - application: What the application behind the address does with messages.
    /// - Returns: The target; whether the address is valid is found out when a case is run.
    public static func server(
        _ url: String,
        handshake: Handshake = Handshake(),
        tls: TLS = TLS(),
        application: Application = .automatic
    ) -> Self {
        Self(kind: .server(ServerSpec(url: url, handshake: handshake, tls: tls, application: application)))
    }

    /// A client that a command starts once for each case.
    ///
    /// The client connects to the address that stands for `{url}` in the arguments, and in the variable
    /// `WSCONFORM_URL` of its environment, echoes what comes, and ends when the connection does.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - transport: What carries the connections, TCP or TLS; the certificate for TLS is made for the run.
    ///   - subprotocols: The subprotocols that we accept if the client asks for them.
    /// - Returns: The target; whether the program exists is found out when a case is run.
    public static func client(
        command: [String],
        over transport: Suite.Transport = .tcp,
        subprotocols: [String] = []
    ) -> Self {
        Self(kind: .client(ClientSpec(way: .command(command), transport: transport, subprotocols: subprotocols)))
    }

    /// A client in this process, which a closure starts once for each case.
    ///
    /// Cases that ask an application for more than to echo are `unimplemented`; ``driver(over:subprotocols:_:)`` tells
    /// a closure what they ask for.
    ///
    /// - Parameters:
    ///   - transport: What carries the connections, TCP or TLS; a client that has to trust the certificate needs
    ///     ``driver(over:subprotocols:_:)``.
    ///   - subprotocols: The subprotocols that we accept if the client asks for them.
    ///   - connect: Connects to the address, echoes what comes, and returns when the connection has ended. What it
    ///     throws decides nothing, because a client may well report that a connection failed. It is cancelled where it
    ///     does not return in time.
    /// - Returns: The target.
    public static func client(
        over transport: Suite.Transport = .tcp,
        subprotocols: [String] = [],
        _ connect: @escaping @Sendable (_ url: String) async throws -> Void
    ) -> Self {
        let closure = DriverClosure(performsActions: false) { try await connect($0.url) }
        return Self(kind: .client(ClientSpec(way: .closure(closure), transport: transport, subprotocols: subprotocols)))
    }

    /// A client in this process that also does what single cases ask of an application, such as to offer subprotocols.
    ///
    /// - Parameters:
    ///   - transport: What carries the connections, TCP or TLS; the certificate for TLS is made for the run.
    ///   - subprotocols: The subprotocols that we accept if the client asks for them.
    ///   - play: Does what the task says, echoes what comes, and returns when the connection has ended.
    /// - Returns: The target.
    public static func driver(
        over transport: Suite.Transport = .tcp,
        subprotocols: [String] = [],
        _ play: @escaping @Sendable (_ task: DriverTask) async throws -> Void
    ) -> Self {
        let closure = DriverClosure(performsActions: true, play)
        return Self(kind: .client(ClientSpec(way: .closure(closure), transport: transport, subprotocols: subprotocols)))
    }

    /// The server that is built in; it conforms, which tries a test without a server of one's own.
    public static let modelServer = Self(kind: .modelServer)

    /// The client that is built in; it conforms, which tries a test without a client of one's own.
    public static let modelClient = Self(
        kind: .client(ClientSpec(way: .model, transport: .tcp, subprotocols: []))
    )

    /// The side of a connection that the target is.
    public var role: Suite.Role {
        switch kind {
        case .server, .modelServer: .server
        case .client: .client
        }
    }

    /// The address of a server, or the program that starts a client.
    public var description: String {
        switch kind {
        case .server(let spec): spec.url
        case .modelServer: "the model server"
        case .client(let spec):
            switch spec.way {
            case .command(let command): command.first ?? "a command"
            case .closure: "a closure"
            case .model: "the model client"
            }
        }
    }
}

extension ConformanceTarget {
    /// What the application of a server does with messages.
    public enum Application: String, Sendable, Hashable, CaseIterable {
        /// That is found out; cases that need an echo are skipped where there is none.
        case automatic
        /// It echoes every message with the same type.
        case echo
        /// It does something else, which is not tried.
        case none
    }

    /// What opening handshakes with a server contain besides what every one needs (RFC 6455, section 4.1).
    public struct Handshake: Sendable, Hashable {
        /// The name and the value of a field or a cookie.
        struct Pair: Sendable, Hashable {
            var name: String
            var value: String
        }

        /// The subprotocols to offer, the preferred one first.
        public var subprotocols: [String]
        /// The Origin field; nil for none.
        public var origin: String?
        var headers: [Pair]
        var cookies: [Pair]

        /// Creates the content; empty by default.
        ///
        /// - Parameters:
        ///   - subprotocols: The subprotocols to offer, the preferred one first.
        ///   - headers: Further fields; explanations and reports show `***` for their values.
        ///   - cookies: The cookies, which share one field (RFC 6265, section 5.4).
        ///   - origin: The Origin field; nil for none.
        public init(
            subprotocols: [String] = [],
            headers: KeyValuePairs<String, String> = [:],
            cookies: KeyValuePairs<String, String> = [:],
            origin: String? = nil
        ) {
            self.subprotocols = subprotocols
            self.headers = headers.map { Pair(name: $0.key, value: $0.value) }
            self.cookies = cookies.map { Pair(name: $0.key, value: $0.value) }
            self.origin = origin
        }
    }

    /// How TLS is spoken with a server.
    public struct TLS: Sendable, Hashable {
        /// A version of TLS.
        public enum Version: String, Sendable, Hashable, CaseIterable {
            /// TLS 1.2 (RFC 5246).
            case tls12
            /// TLS 1.3 (RFC 8446).
            case tls13
        }

        /// The path of a PEM file with the authorities to trust; nil for those of the system.
        public var authorities: String?
        /// Whether any certificate is trusted.
        public var trustsAnything: Bool
        /// The name to ask for, which the certificate has to have; nil for the host of the address.
        public var serverName: String?
        /// The path of a PEM file with the certificate to show; nil for none.
        public var certificate: String?
        /// The path of a PEM file with its private key.
        public var key: String?
        /// The oldest version to speak.
        public var minimum: Version

        /// Creates settings; by default what the system trusts is trusted.
        ///
        /// - Parameters:
        ///   - authorities: The path of a PEM file with the authorities to trust; nil for those of the system.
        ///   - trustsAnything: Whether any certificate is trusted.
        ///   - serverName: The name to ask for; nil for the host of the address.
        ///   - certificate: The path of a PEM file with the certificate to show; nil for none.
        ///   - key: The path of a PEM file with its private key.
        ///   - minimum: The oldest version to speak.
        public init(
            authorities: String? = nil,
            trustsAnything: Bool = false,
            serverName: String? = nil,
            certificate: String? = nil,
            key: String? = nil,
            minimum: Version = .tls12
        ) {
            self.authorities = authorities
            self.trustsAnything = trustsAnything
            self.serverName = serverName
            self.certificate = certificate
            self.key = key
            self.minimum = minimum
        }
    }
}
