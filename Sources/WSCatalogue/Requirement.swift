package import WSProtocol
package import WSScenario

/// One normative statement of a specification, in our own words.
package struct Requirement: Sendable, Hashable, Codable, Identifiable {
    /// The stable id, such as `RFC6455-5.5.1-02`.
    package var id: String
    /// The section with the statement; for IANA, the name of a registry.
    package var section: String
    /// The strength of the statement.
    package var level: Level
    /// Where the level comes from.
    package var basis: Basis
    /// The subject of the statement.
    package var subject: Subject
    /// The role or part whose act violates it.
    package var duty: Duty
    /// Which kind of test can observe it on the wire.
    package var observable: Observability
    /// What it means for others if it is violated.
    package var impact: Impact
    /// Why it means that, in one sentence.
    package var impactReason: String
    /// The statement in one sentence.
    package var summary: String
    /// Notes for the judge; nil for none.
    package var notes: String?

    /// The specification's name, such as `RFC 6455`; it follows from the id.
    package var source: String {
        let prefix = id.prefix { $0 != "-" }
        if prefix.hasPrefix("RFC") { return "RFC " + prefix.dropFirst(3) }
        return prefix == "WHATWG" ? "WHATWG WebSockets" : String(prefix)
    }

    /// Whether a peer of this role can violate it.
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

    /// Where the level of a statement comes from; all except a keyword are readings of the text.
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

    /// The subject of a requirement.
    package enum Subject: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both sides of a connection.
        case endpoint
        /// The side that opened the connection.
        case client
        /// The side that accepted it.
        case server
        /// A client that runs scripts of a web page.
        case browserClient = "browser client"
        /// The receiver of an HTTP message.
        case recipient
        /// The sender of an HTTP message.
        case sender
        /// A party between the two sides.
        case intermediary
        /// The author of an extension's specification.
        case extensionAuthor = "extension author"
    }

    /// The role or part whose act violates a requirement; for a permission, the one that would deny it.
    ///
    /// Most of RFC 6455 binds an endpoint as a sender, with the form of what it sends, or as a receiver, with its
    /// reaction to what it receives. Because the tester sends the stimulus, a peer with a wrong reaction violates a
    /// duty of receivers.
    package enum Duty: String, Sendable, Hashable, Codable, CaseIterable {
        /// The sender of a frame, a message or a field, in either role.
        case sender
        /// The receiver, in either role.
        case receiver
        /// Only the server.
        case server
        /// Only the client.
        case client
        /// Any endpoint, both as sender and as receiver.
        case either
    }

    /// Which kind of test can observe whether a requirement is met.
    package enum Observability: String, Sendable, Hashable, Codable, CaseIterable {
        /// Tests of servers and of clients.
        case both
        /// Only tests of a client.
        case client = "client-test"
        /// Only tests of a server.
        case server = "server-test"
        /// No test on the wire.
        case none = "no"
    }
}
