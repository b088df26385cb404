/// Requirements that whole groups of scenarios share, behind the ones of their own.
extension [String] {
    /// A rule that the peer must fail the connection for, with all that failing a connection asks.
    ///
    /// What decides is a duty of the peer, which receives what breaks the rule. Where the rule binds senders alone,
    /// it is that incoming data is always validated (RFC 6455, 10.7).
    static func failing(_ rules: String...) -> [String] {
        let isOfSenders = rules.first.flatMap(RequirementTable.shared.requirement)?.duty == .sender
        let validating = rules.contains("RFC6455-10.7-01") ? [] : ["RFC6455-10.7-01"]
        return (isOfSenders ? validating : []) + rules + failing + ["RFC6455-7.4.1-13"]
            + (isOfSenders ? [] : validating) + ["RFC6455-10.7-03"]
    }

    /// Invalid UTF-8 in a text message, with all that failing a connection asks.
    static let failingText = ["RFC6455-8.1-01"] + failing + ["RFC6455-7.4.1-07", "RFC6455-10.7-01"]

    /// Our Close frame, its answer and the end of TCP, behind the rules about the frame's body.
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
