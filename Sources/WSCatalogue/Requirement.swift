package import WSProtocol

/// One normative statement of a specification, in our own words.
package struct Requirement: Sendable, Hashable, Codable, Identifiable {
    /// The stable id, such as `RFC6455-5.5.1-02`.
    package var id: String
    /// The section of the specification that holds the statement; a registry's name for IANA.
    package var section: String
    /// How strong the statement is.
    package var level: Level
    /// What the level rests on.
    package var basis: Basis
    /// Who has to meet it.
    package var subject: Subject
    /// Whose act breaks it.
    package var duty: Duty
    /// From which side it can be seen on the wire.
    package var observable: Observability
    /// The statement in one sentence.
    package var summary: String
    /// What a judge should know about it.
    package var notes: String?

    /// The specification's name, such as `RFC 6455`; it follows from the id.
    package var source: String {
        let prefix = id.prefix { $0 != "-" }
        if prefix.hasPrefix("RFC") { return "RFC " + prefix.dropFirst(3) }
        return prefix == "WHATWG" ? "WHATWG WebSockets" : String(prefix)
    }

    /// Whether a peer of that role can break it.
    package func binds(_ role: Role) -> Bool {
        switch duty {
        case .sender, .receiver, .either: true
        case .server: role == .server
        case .client: role == .client
        }
    }

    /// The words of RFC 2119.
    package enum Level: String, Sendable, Hashable, Codable, CaseIterable {
        /// An absolute requirement.
        case must = "MUST"
        /// An absolute prohibition.
        case mustNot = "MUST NOT"
        /// A recommendation.
        case should = "SHOULD"
        /// A recommendation against something.
        case shouldNot = "SHOULD NOT"
        /// A permission.
        case may = "MAY"
    }

    /// Where a statement's level comes from; anything but a keyword is a reading.
    package enum Basis: String, Sendable, Hashable, Codable, CaseIterable {
        /// An explicit word of RFC 2119.
        case keyword
        /// A step of an algorithm, in the imperative.
        case algorithm
        /// An ABNF rule.
        case grammar
        /// Running text: a lower-case must, or a duty derived from a definition.
        case prose
        /// An example in the text.
        case example
        /// An IANA registry.
        case registry
        /// A verified erratum.
        case erratum
    }

    /// Who has to meet a requirement.
    package enum Subject: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both sides of a connection.
        case endpoint
        /// The side that opened the connection.
        case client
        /// The side that accepted it.
        case server
        /// A client that runs scripts of a web page.
        case browserClient = "browser client"
        /// Whoever receives an HTTP message.
        case recipient
        /// Whoever sends an HTTP message.
        case sender
        /// Whoever stands between the two sides.
        case intermediary
        /// Whoever specifies an extension.
        case extensionAuthor = "extension author"
    }

    /// Whose act breaks a requirement; of a permission, who would deny it.
    ///
    /// Most of RFC 6455 binds an endpoint in one of its two parts: what it sends has a form, and what it receives
    /// has an answer. As the tester sends the stimulus, a peer that does not answer it as it should breaks a duty
    /// of receivers.
    package enum Duty: String, Sendable, Hashable, Codable, CaseIterable {
        /// Who sends a frame, a message or a field, of either role.
        case sender
        /// Who receives one and has to make something of it, of either role.
        case receiver
        /// The server alone.
        case server
        /// The client alone.
        case client
        /// Any endpoint, whether it sends or receives.
        case either
    }

    /// Which kind of test can see whether a requirement is met.
    package enum Observability: String, Sendable, Hashable, Codable, CaseIterable {
        /// A test of either side.
        case both
        /// A test of a client.
        case client = "client-test"
        /// A test of a server.
        case server = "server-test"
        /// None that looks at the wire.
        case none = "no"
    }
}
