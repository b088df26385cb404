/// What a test of servers over TCP can be measured by: the denominator of coverage.
///
/// A requirement counts where the table says that a test of a server can see it, the specification is about WebSocket
/// over HTTP/1.1, and no reason stands below. A server that breaks it could be told from one that does not.
package enum CoverageScope {
    /// Specifications about something that scenarios do not speak yet, with what that is.
    package static let otherSubjects: [String: String] = [
        "RFC 7692": "compression",
        "RFC 8441": "HTTP/2",
        "RFC 9113": "HTTP/2",
        "RFC 9114": "HTTP/3",
        "RFC 9220": "HTTP/3",
    ]

    /// Requirements that the table calls observable and that do not count, each with the reason.
    package static let leftOut: [String: String] = [
        "RFC6455-6.1-10": umbrella,
        "RFC6455-6.2-02": umbrella,
        "RFC6455-9-04": umbrella,
        "RFC6455-10.7-01": umbrella,
        "RFC6455-4.2.2-02": "Only a server behind TLS can show it.",
        "RFC6455-10.6-01": "Only a server behind TLS can show it.",
        "RFC9112-9.8-02": "Only a server behind TLS can show it.",
        "RFC6455-5.2-04": "It is about frames of a connection that has agreed on compression.",
        "RFC6455-7.1.2-01": "Which code and reason the application asked for is known to the application alone; the "
            + "wire shows only what was sent.",
    ]

    /// Whether a requirement counts.
    package static func holds(_ requirement: Requirement) -> Bool {
        [.both, .server].contains(requirement.observable) && otherSubjects[requirement.source] == nil
            && leftOut[requirement.id] == nil
    }

    private static let umbrella = "It repeats others, each of which counts by itself."
}
