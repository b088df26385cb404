/// Requirements that groups of scenarios share, after the scenario's own ones.
extension [String] {
    /// A rule over which the peer has to fail the connection, with all requirements on failing a connection.
    ///
    /// The first one is a duty of the peer as the receiver. If the rule binds only senders, it is that incoming data is
    /// always validated (RFC 6455, 10.7).
    static func failing(_ rules: String...) -> [String] {
        let isOfSenders = rules.first.flatMap(RequirementTable.shared.requirement)?.duty == .sender
        let validating = rules.contains("RFC6455-10.7-01") ? [] : ["RFC6455-10.7-01"]
        return (isOfSenders ? validating : []) + rules + failing + ["RFC6455-7.4.1-13"]
            + (isOfSenders ? [] : validating) + ["RFC6455-10.7-03"]
    }

    /// Invalid UTF-8 in a text message, with all requirements on failing a connection.
    static let failingText = ["RFC6455-8.1-01"] + failing + ["RFC6455-7.4.1-07", "RFC6455-10.7-01"]

    /// The requirements on our Close frame's answer and on the end of TCP, after the rules about the frame's body.
    static func answeringClose(_ rules: String...) -> [String] {
        ["RFC6455-5.5.1-07"] + rules
            + [
                "RFC6455-5.5.1-08", "RFC6455-5.5.1-11", "RFC6455-7.1.2-02", "RFC6455-7.1.1-03", "RFC6455-7.1.1-05",
                "RFC6455-6.1-01",
            ]
    }

    private static let failing = [
        "RFC6455-7.1.7-01", "RFC6455-7.1.7-02", "RFC6455-7.1.7-03", "RFC6455-7.1.7-05",
    ]
}
