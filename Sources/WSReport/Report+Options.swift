package import WSScenario

extension Report {
    /// The options that change results: what was run, and how it was judged.
    package struct Options: Sendable, Hashable, Codable {
        /// The seed of all randomness.
        package var seed: UInt64
        /// Whose verdict became the verdict of a case.
        package var profile: Profile
        /// `quick` or `full`.
        package var effort: Effort
        /// The highest number of parallel conversations.
        package var jobs: Int
        /// How often the cases were played; nil for once.
        package var tries: Int?
        /// The patterns that selected cases.
        package var cases: [String]
        /// The patterns that excluded cases.
        package var exclude: [String]
        /// Whether only cases of Autobahn's were run.
        package var onlyAutobahn: Bool?
        /// `off` if compression was not tested; nil if it was.
        package var compression: String?
        /// How many octets a compressed message of the peer could have inflated; nil for the usual number.
        package var maximumMessage: Int?
        /// The largest message that the peer accepts, in octets, as the user said; nil if that was left to the run.
        package var peerLimit: Int?
        /// The idle timeout of a conversation in seconds; nil if unknown.
        package var timeoutSeconds: Double?
        /// Whether missed recommendations counted as findings.
        package var strict: Bool?
        /// What makes the run end with exit status 1, if that was said by name.
        package var failOn: FailureLevel?
        /// The impacts of findings that count; nil if all do.
        package var failOnImpact: [Impact]?
        /// The reasons for which no case may be left out; otherwise the run is undecided.
        package var require: [String]?
        /// What the user declared the application to do with messages.
        package var application: String?
        /// The subprotocols that were offered, or supported by us as a server.
        package var subprotocols: [String]?
        /// The additional header fields, with masked values.
        package var headerFields: [String]?
        /// The cookies, with masked values.
        package var cookies: [String]?
        /// Stands for the message that was sent behind each handshake, which is masked; nil for none.
        package var firstMessage: String?
        /// The Origin that was sent.
        package var origin: String?
        /// The endpoint that was connected to in place of the one in the address; nil for that one.
        package var connectTo: String?
        /// The proxy that connections went through, with masked credentials; nil for none.
        package var proxy: String?
        /// How many connections could begin in a second; nil for any number.
        package var rate: Int?
        /// Whether conversations were on streams of HTTP/2, where an option said so; nil if not.
        package var http2: Bool?
        /// Whether we started and supervised the target.
        package var supervise: Bool?
        /// How TLS was spoken, where the user said so; nil without TLS.
        package var tls: TLS?
        /// The address to listen on, as the user gave it.
        package var listen: String?
        /// The origins whose pages may control the run.
        package var allowedOrigins: [String]?
        /// Whether the command was one driver for all cases.
        package var driver: Bool?
        /// The command that played the client under test.
        package var command: [String]?
        /// Whether Autobahn's verdicts are those of a tester that fails connections by dropping TCP; nil if not.
        package var failByDrop: Bool?
        /// Whether the built-in model peer was tested; nil if not.
        package var embedded: Bool?
        /// The names of the defects that the built-in model peer was given; nil for none.
        package var defects: [String]?
        /// The configuration file that gave some of the options; nil if there was none.
        package var configuration: Configuration?

        /// Creates options; the optional ones are set afterwards.
        package init(
            seed: UInt64,
            profile: Profile,
            effort: Effort,
            jobs: Int,
            cases: [String] = ["*"],
            exclude: [String] = []
        ) {
            self.seed = seed
            self.profile = profile
            self.effort = effort
            self.jobs = jobs
            self.cases = cases
            self.exclude = exclude
        }
    }

    /// How TLS was spoken, in the words of the options; what was not said is nil.
    package struct TLS: Sendable, Hashable, Codable {
        /// The file with the authorities that a server's certificate was verified by.
        package var ca: String?
        /// Whether a server's certificate was not verified.
        package var insecure: Bool?
        /// The name that a server was asked for.
        package var serverName: String?
        /// The file with the certificate that was shown to a server.
        package var clientCertificate: String?
        /// The file with its key.
        package var clientKey: String?
        /// The file with the certificate that was shown to clients; nil for one that was made for the run.
        package var certificate: String?
        /// The file with its key.
        package var key: String?
        /// The oldest version that was spoken, if it was not 1.2.
        package var minimum: String?

        /// Creates options of which none was given.
        package init() {}
    }

    /// A configuration file, for the command that runs a case again.
    package struct Configuration: Sendable, Hashable, Codable {
        /// The file, as it was named.
        package var file: String
        /// The names of the options that it gave.
        package var options: [String]
        /// The names of the options that it has and that were not taken from it.
        package var replaced: [String]

        /// Creates the description of a file.
        package init(file: String, options: [String], replaced: [String]) {
            self.file = file
            self.options = options
            self.replaced = replaced
        }
    }
}
