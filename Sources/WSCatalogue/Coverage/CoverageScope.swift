package import WSProtocol

/// The requirements that a test of one role over TCP can be measured by: the denominator of coverage.
///
/// A requirement is counted if the table says that a test of that role can observe it and that the role can violate it,
/// if its specification is about WebSocket over HTTP/1.1, and if no reason is listed below. A peer that violates it can
/// then be distinguished from one that does not.
package struct CoverageScope: Sendable {
    /// The role under test.
    package let role: Role
    /// Specifications about other subjects, with these subjects.
    package let otherSubjects: [String: String]
    /// Requirements that the table calls observable and that are not counted, with the reasons.
    package let leftOut: [String: String]

    /// Creates the scope for a role.
    package init(testing role: Role) {
        self.role = role
        otherSubjects = role == .client ? Self.unspoken.merging(Self.ofBrowsers) { $1 } : Self.unspoken
        leftOut = role == .client ? Self.leftOutOfClients : Self.leftOutOfServers
    }

    /// Whether a requirement is counted.
    package func holds(_ requirement: Requirement) -> Bool {
        isObservable(requirement) && requirement.binds(role) && otherSubjects[requirement.source] == nil
            && leftOut[requirement.id] == nil
    }

    /// Whether the table says that a test of that role can observe it.
    package func isObservable(_ requirement: Requirement) -> Bool {
        requirement.observable == .both || requirement.observable == (role == .client ? .client : .server)
    }

    private static let unspoken = [
        "RFC 6066": "TLS",
        "RFC 7301": "TLS",
        "RFC 8446": "TLS",
        "RFC 8441": "HTTP/2",
        "RFC 9113": "HTTP/2",
        "RFC 9114": "HTTP/3",
        "RFC 9220": "HTTP/3",
    ]
    private static let ofBrowsers = ["WHATWG WebSockets": "browsers"]

    private static let leftOutOfServers = [
        "RFC6455-6.1-10": umbrella,
        "RFC6455-6.2-02": umbrella,
        "RFC6455-9-04": umbrella,
        "RFC6455-10.7-01": umbrella,
        "RFC6455-4.2.2-02": "Only a server behind TLS can show it.",
        "RFC6455-10.6-01": "Only a server behind TLS can show it.",
        "RFC9112-9.8-02": "Only a server behind TLS can show it.",
        "RFC6455-4.2.1-10":
            "4.2.2 adds that a server need not decode the key, so that nothing is held against one that "
            + "takes any.",
        "RFC6455-5.2-11": ofSenders,
        "IANA-subprotocol-01": caseOfNames,
        "RFC6455-7.1.2-01": "Which code and reason the application asked for is known to the application alone; the "
            + "wire shows only what was sent.",
    ]

    private static let leftOutOfClients = [
        "RFC6455-4.1-40": umbrella,
        "RFC6455-6.1-10": umbrella,
        "RFC6455-6.2-02": umbrella,
        "RFC6455-9-04": umbrella,
        "RFC6455-10.7-01": umbrella,
        "RFC6455-3-04": tls,
        "RFC6455-4.1-14": tls,
        "RFC6455-4.1-15": tls,
        "RFC6455-4.1-16": tls,
        "RFC6455-4.1-17": tls,
        "RFC6455-5.1-02": tls,
        "RFC6455-10.6-01": tls,
        "RFC6455-10.6-03": tls,
        "RFC6455-11.1.2-01": tls,
        "RFC6455-11.1.2-02": tls,
        "RFC9112-9.8-01": tls,
        "RFC6455-4.1-10": proxy,
        "RFC6455-4.1-11": proxy,
        "RFC6455-4.1-13": proxy,
        "RFC9112-3.2.3-01": proxy,
        "RFC6455-5.2-11": ofSenders,
        "IANA-subprotocol-01": caseOfNames,
        "RFC6455-4.2.2-22": accepted,
        "RFC6455-7.4.1-10": needsExtension,
        "RFC6455-9.1-04": accepted,
        "RFC6455-11.3.2-02": accepted,
        "RFC6455-4.1-29": "Only a browser has to, and whether a client is one its request does not say.",
        "RFC6455-3-03": "Only a listener on port 80 or 443 can show it.",
        "RFC6455-11.1.1-01": "Only a host name outside ASCII can show it, and no such name leads to the tester.",
        "RFC6455-4.1-05": manyConnections,
        "RFC6455-4.1-06": manyConnections,
        "RFC6455-4.1-07": manyConnections,
    ]

    private static let umbrella = "It repeats others, each of which counts by itself."
    private static let tls = "Only a connection over TLS can show it."
    private static let proxy = "Only a proxy, or the lack of any connection, can show it."
    private static let accepted =
        "Only an answer that accepts two extensions can show it, and there is no second one that clients offer."
    private static let needsExtension =
        "Only a client whose application cannot do without an extension can show it."
    private static let ofSenders =
        "The text binds senders alone, so that nothing is held against who reads a length in a longer form."
    private static let caseOfNames =
        "Whether the case of such names matters no text says, so that nothing is held against either reading."
    private static let manyConnections =
        "Whether two connections are one client's cannot be seen, nor does the text say what one client is."
}
