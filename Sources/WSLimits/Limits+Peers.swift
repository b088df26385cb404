/// Limits on what is examined and reported about a peer.
extension Limits {
    /// The sentence of a finding, including its quotations.
    package static let reason = Limit(
        "reason",
        .memory,
        2 * kibi,
        of: "a sentence of a finding, with what it quotes of the peer",
        then: "it is cut"
    )
    /// Findings of a case.
    package static let findings = Limit(
        "findings",
        .count,
        20,
        of: "findings of a case in a report, the gravest first",
        then: "the others are left out"
    )
    /// Places in the stream that show a finding.
    package static let evidence = Limit(
        "evidence",
        .count,
        16,
        of: "places in the stream that show a finding",
        then: "the others are left out"
    )
    /// Cases that a cause names.
    package static let causeCases = Limit(
        "cause-cases",
        .count,
        1_000,
        of: "ids of cases that a cause of a report names",
        then: "the others are counted and not named"
    )
    /// Known defects that a cause names.
    package static let causeReferences = Limit(
        "cause-references",
        .count,
        20,
        of: "known defects that a cause of a report names",
        then: "the others are left out"
    )
    /// Lines that show a conversation.
    package static let wireLines = Limit(
        "wire-lines",
        .count,
        40,
        of: "lines that show a conversation in a report",
        then: "those around what decided are kept"
    )
    /// Octets of a line that shows a conversation.
    package static let wireOctets = Limit(
        "wire-octets",
        .memory,
        256,
        of: "octets of a line that shows a conversation in a report",
        then: "the first ones are shown"
    )
    /// Events in the form of Autobahn's reports.
    package static let autobahnEvents = Limit(
        "autobahn-events",
        .count,
        50,
        of: "received events of a case in the form of Autobahn's reports",
        then: "the others are left out"
    )
    /// A request or a response in the form of Autobahn's reports.
    package static let autobahnHead = Limit(
        "autobahn-head",
        .memory,
        4 * kibi,
        of: "a request or a response in the form of Autobahn's reports",
        then: "it is cut"
    )
    /// Problems of a request's or a response's head.
    package static let headProblems = Limit(
        "head-problems",
        .count,
        64,
        of: "problems that are found in the head of a request or a response",
        then: "further ones are not told"
    )
    /// The quotation in a problem of a head.
    package static let quotation = Limit(
        "quotation",
        .memory,
        512,
        of: "octets of a field that a problem of a head quotes",
        then: "it is cut"
    )
    /// The head of a request or a response.
    package static let head = Limit(
        "head",
        .memory,
        64 * kibi,
        of: "the head of a request or a response",
        then: "it is no HTTP"
    )
    /// A line before a chunk of content.
    package static let chunkLine = Limit(
        "chunk-line",
        .memory,
        4_096,
        of: "a line before a chunk of content",
        then: "the content is malformed"
    )
    /// Received frames whose headers the judge keeps.
    package static let judgedFrames = Limit(
        "judged-frames",
        .count,
        100,
        of: "received frames of a conversation whose headers are looked at one by one",
        then: "the others are only counted"
    )
    /// Masking keys that the judge compares.
    package static let judgedKeys = Limit(
        "judged-keys",
        .count,
        4_096,
        of: "masking keys of a conversation that are compared",
        then: "later ones are not compared"
    )
    /// Octets of a peer's compressed message after inflation.
    package static let inflatedMessage = Limit(
        "inflated-message",
        .count,
        64 * mebi,
        of: "octets that a compressed message of the peer's has inflated (--max-message)",
        then: "the rest of the message is not read, and that is a finding"
    )
    /// Blocks of a compressed message that are told one by one.
    package static let messageBlocks = Limit(
        "message-blocks",
        .count,
        64,
        of: "blocks of a compressed message that are told one by one",
        then: "the others are only counted"
    )
    /// Octets that came instead of a head.
    package static let strayOctets = Limit(
        "stray-octets",
        .memory,
        512,
        of: "octets in the place of a head that are quoted",
        then: "the others are left out"
    )
    /// Lines of a head that are shown.
    package static let headLines = Limit(
        "head-lines",
        .count,
        16,
        of: "lines of a head that a report shows",
        then: "the others are counted"
    )
    /// A line of a head that is shown.
    package static let headLine = Limit(
        "head-line",
        .memory,
        160,
        of: "octets of a line of a head that a report shows",
        then: "it is cut"
    )
    /// The quoted part of a sanitizer's report.
    package static let sanitizerLine = Limit(
        "sanitizer-line",
        .count,
        200,
        of: "characters of a sanitizer's report",
        then: "it is cut"
    )
    /// The name of a server in its Server field.
    package static let peerName = Limit(
        "peer-name",
        .count,
        120,
        of: "characters of the name that a server gives itself",
        then: "it is cut"
    )
    /// The quoted last lines of a log.
    package static let lastLines = Limit(
        "last-lines",
        .count,
        5,
        of: "lines of a log that messages quote",
        then: "the last ones are quoted"
    )
    /// A line of a log.
    package static let logLine = Limit(
        "log-line",
        .memory,
        2_000,
        of: "octets of a line of a log that messages quote",
        then: "it is cut"
    )
    /// Characters of a peer's text on the terminal.
    package static let shownCharacters = Limit(
        "shown-characters",
        .count,
        200,
        of: "characters of a peer's text on the terminal",
        then: "it is cut"
    )

    // MARK: - Proxies

    /// The octets in the fields of a proxy's answer to CONNECT.
    package static let proxyHead = Limit(
        "proxy-head",
        .memory,
        16 << 10,
        of: "the fields in a proxy's answer to CONNECT",
        then: "the connection ends, and its case has no verdict"
    )
}
