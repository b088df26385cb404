/// All bounds that keep a hostile peer, file or command line from using more resources than a run may use.
///
/// They are defined only here. The table in <doc:Limits> is generated from ``all``.
package enum Limits {
    static let kibi = 1 << 10
    static let mebi = 1 << 20

    // MARK: - What a run leaves on disk

    /// The standard error output of a supervised target.
    package static let targetLog = Limit(
        "target-log",
        .disk,
        16 * mebi,
        of: "the log of a server that is supervised",
        then: "the beginning and the end are kept, the middle is left out, and the run says so"
    )
    /// The standard error output of a command that runs a client.
    package static let commandLog = Limit(
        "command-log",
        .disk,
        256 * kibi,
        of: "the log of a command that runs a client",
        then: "the beginning and the end are kept, and a line between them says how much is left out"
    )
    /// The transcripts and sidecars of all cases of a run.
    package static let transcripts = Limit(
        "transcripts",
        .disk,
        256 * mebi,
        of: "the transcripts of a run",
        then: "further cases are judged, their transcripts are not kept, and the run says so"
    )
    /// A transcript or a sidecar that is read.
    package static let transcriptFile = Limit(
        "transcript-file",
        .memory,
        16 * mebi,
        of: "a transcript that is read",
        then: "its case is inconclusive, the others are judged"
    )
    /// The stimulus in a transcript that is read.
    package static let stimulus = Limit(
        "stimulus",
        .memory,
        512 * kibi,
        of: "what a transcript that is read says of what was played",
        then: "its case is inconclusive, the others are judged"
    )
    /// The size of a case in `report.json`.
    package static let reportCase = Limit(
        "report-case",
        .disk,
        48 * kibi,
        of: "one case in a report",
        then: "what Autobahn's files need of the case is cut first, then the octets of its wire lines, then the lines"
    )
    /// A report that is read.
    package static let reportFile = Limit(
        "report-file",
        .memory,
        48 * mebi,
        of: "a report that is read",
        then: "it is refused"
    )
    /// A report as Markdown.
    package static let markdown = Limit(
        "markdown",
        .disk,
        56 * kibi,
        of: "a report as Markdown, of one or several peers",
        then: "the most important causes are told, the others are counted"
    )
    /// A report as a page.
    package static let page = Limit(
        "page",
        .disk,
        1_400 * kibi,
        of: "the page of one report",
        then: "octets of cases without findings are cut first, then lines of the wire, then texts"
    )
    /// The reports of several peers as a page.
    package static let matrixPage = Limit(
        "matrix-page",
        .disk,
        4_800 * kibi,
        of: "the page of the reports of several peers",
        then: "octets of cases without findings are cut first, then lines of the wire, then texts"
    )
    /// The values, names and lists in a report that is read.
    package static let reportValues = Limit(
        "report-values",
        .count,
        1_000_000,
        of: "the values of a report that is read",
        then: "it is refused"
    )
    /// A string in a report that is read.
    package static let reportString = Limit(
        "report-string",
        .memory,
        256 * kibi,
        of: "a string of a report that is read",
        then: "it is refused"
    )
    /// The nesting of lists in a report that is read.
    package static let reportDepth = Limit(
        "report-depth",
        .count,
        32,
        of: "lists within lists of a report that is read",
        then: "it is refused"
    )

    // MARK: - What a conversation keeps in memory

    /// Received octets that a transcript keeps in memory; the sidecar has further ones.
    package static let transcriptInline = Limit(
        "transcript-inline",
        .memory,
        64 * kibi,
        of: "received octets of a transcript, but for those equal to what was sent",
        then: "further ones go to a file beside the transcript"
    )
    /// Compressed messages of a peer that a transcript keeps with all of their octets.
    package static let keptMessages = Limit(
        "kept-messages",
        .count,
        64,
        of: "compressed messages of a peer that a transcript has in full",
        then: "of those that equal what was expected, only their lengths, blocks and a hash are kept"
    )
    /// Octets of compressed messages of a peer that a transcript keeps.
    package static let keptCompressed = Limit(
        "kept-compressed",
        .disk,
        512 * kibi,
        of: "octets of compressed messages of a peer that a transcript has in full",
        then: "of those that equal what was expected, only their lengths, blocks and a hash are kept"
    )
    /// Octets of a compressed message that are held until it is known whether it is as expected.
    package static let heldMessage = Limit(
        "held-message",
        .memory,
        4 * mebi,
        of: "octets of a compressed message that are held until it is known whether it is as expected",
        then: "all of it is kept"
    )
    /// Received octets that a transcript keeps in memory if there is no sidecar, or it cannot be written.
    package static let transcriptMemory = Limit(
        "transcript-memory",
        .memory,
        1_280 * kibi,
        of: "received octets of a transcript that no file takes",
        then: "the conversation ends, and what was received until then is judged"
    )
    /// Lines of a transcript.
    package static let transcriptEvents = Limit(
        "transcript-events",
        .count,
        32_768,
        of: "lines of a transcript that is read, and twice those of one that is recorded",
        then: "the conversation ends, and a transcript with more is not judged"
    )
    /// Reads that a transcript records separately.
    package static let transcriptReads = Limit(
        "transcript-reads",
        .count,
        4_096,
        of: "reads of a conversation that are recorded one by one",
        then: "octets of later reads are added to those of the one before"
    )
    /// Octets that a peer may send in addition to four times the script's and to the messages that are expected of it.
    package static let flood = Limit(
        "flood",
        .memory,
        mebi,
        of: "octets that a peer sends beyond four times those of the script and beyond what is expected of it",
        then: "the conversation ends, and what was received until then is judged"
    )
    /// Octets that a client may send after its request before it is answered.
    package static let earlyOctets = Limit(
        "early-octets",
        .memory,
        64 * kibi,
        of: "octets that a client sends behind its request before it is answered",
        then: "the conversation ends"
    )
    /// Pongs that wait for the end of a frame that is being sent.
    package static let owedPongs = Limit(
        "owed-pongs",
        .count,
        64,
        of: "Pongs that wait for the end of a frame that is being sent",
        then: "the most recent ones are sent"
    )
    /// Interim responses before the final one.
    package static let interimResponses = Limit(
        "interim-responses",
        .count,
        64,
        of: "interim responses before the final one",
        then: "the conversation ends"
    )
    /// Results that may wait to be judged.
    package static let waitingResults = Limit(
        "waiting-results",
        .count,
        64,
        of: "results that wait to be judged",
        then: "the run waits"
    )
    /// Lines of transcripts whose results have to be confirmed.
    package static let waitingLines = Limit(
        "waiting-lines",
        .count,
        65_536,
        of: "lines of transcripts whose results time alone has decided",
        then: "further ones are not kept, and all of these cases are played again"
    )

    // MARK: - Clients under test

    /// Clients of a run.
    package static let agents = Limit(
        "agents",
        .count,
        64,
        of: "clients of a run with names of their own",
        then: "further ones are turned away"
    )
    /// The name of a client.
    package static let agentName = Limit(
        "agent-name",
        .count,
        200,
        of: "octets of the name of a client",
        then: "the request is refused"
    )
    /// Sec-WebSocket-Key values that are remembered, of all clients.
    package static let rememberedKeys = Limit(
        "remembered-keys",
        .count,
        100_000,
        of: "Sec-WebSocket-Key values that are remembered of all clients",
        then: "later ones are not compared"
    )
    /// Oddities about clients that are reported.
    package static let oddities = Limit(
        "oddities",
        .count,
        100,
        of: "lines about odd requests",
        then: "further ones are not told"
    )
    /// Answers with the results so far that are on their way to pages.
    package static let pageDocuments = Limit(
        "page-documents",
        .count,
        8,
        of: "answers with the results so far that are on their way to pages of a run",
        then: "further requests are answered with 503, to be sent again"
    )
    /// Parameters of an address.
    package static let requestParameters = Limit(
        "request-parameters",
        .count,
        32,
        of: "parameters of an address that a client asks for",
        then: "the others are ignored"
    )
    /// A message to the control interface.
    package static let controlMessage = Limit(
        "control-message",
        .memory,
        256 * kibi,
        of: "octets of a message to the control interface",
        then: "the connection is closed"
    )
    /// Frames of one command in direct command mode.
    package static let commandFrames = Limit(
        "command-frames",
        .count,
        1_000,
        of: "frames that one direct command sends",
        then: "the command is refused"
    )
    /// Octets of one command in direct command mode.
    package static let commandOctets = Limit(
        "command-octets",
        .memory,
        16 * mebi,
        of: "octets that one direct command sends",
        then: "the command is refused"
    )

    /// Writes of one command in direct command mode.
    package static let commandPieces = Limit(
        "command-pieces",
        .count,
        100_000,
        of: "writes into which one direct command is cut",
        then: "the command is refused"
    )
    /// Octets of one turn in direct command mode.
    package static let turnOctets = Limit(
        "turn-octets",
        .memory,
        64 * kibi,
        of: "octets that direct commands of a connection send at a time",
        then: "the rest follows once they have left and others have had their turn"
    )
    /// Writes of one turn in direct command mode.
    package static let turnPieces = Limit(
        "turn-pieces",
        .count,
        256,
        of: "writes that direct commands of a connection make at a time",
        then: "the rest follows once they have left and others have had their turn"
    )
    /// The silence in direct command mode.
    package static let commandSilence = Limit(
        "command-silence",
        .time,
        60_000,
        of: "the time without a command, or without its octets leaving, in direct command mode",
        then: "the connection is closed"
    )

    // MARK: - Sample data

    /// Sample data of scenarios.
    package static let sampleData = Limit(
        "sample-data",
        .memory,
        8 * mebi,
        of: "sample data that scenarios send, for all seeds",
        then: "it is made again when it is needed"
    )
    /// Compressed messages of echo loops.
    package static let preparedMessages = Limit(
        "prepared-messages",
        .memory,
        64 * mebi,
        of: "messages of echo loops that are compressed once and sent often",
        then: "those of earlier loops are dropped, and compressed again when they are needed"
    )

    // MARK: - Time

    /// The time that a process may take to end after SIGTERM.
    package static let ending = Limit(
        "ending",
        .time,
        2_000,
        of: "the end of a process that was asked to end with SIGTERM",
        then: "it is ended with SIGKILL"
    )
    /// The time that a target may take until it accepts connections.
    package static let starting = Limit(
        "starting",
        .time,
        30_000,
        of: "the start of a supervised server until it listens",
        then: "it is ended, and the run says what it wrote last"
    )

    /// All limits, in the order of the article.
    package static let all: [Limit] = ofRuns + ofSpecs + ofConfiguration + ofLibrary + ofFuzzing + ofHTTP2

    private static let ofRuns: [Limit] = [
        targetLog, commandLog, transcripts, transcriptFile, stimulus, reportCase, reportFile, markdown, page,
        matrixPage, reportValues, certificateFile,
        reportString, reportDepth, transcriptInline, keptMessages, keptCompressed, heldMessage, transcriptMemory,
        transcriptEvents, transcriptReads, flood,
        earlyOctets, owedPongs, interimResponses, waitingResults, waitingLines, reason, findings, evidence, wireLines,
        wireOctets, autobahnEvents, autobahnHead, headProblems, quotation, head, chunkLine, judgedFrames, judgedKeys,
        inflatedMessage, messageBlocks, strayOctets, headLines, headLine, sanitizerLine, peerName, lastLines, logLine,
        shownCharacters,
        agents,
        agentName, rememberedKeys, oddities, pageDocuments, requestParameters, controlMessage, commandFrames,
        commandOctets, commandPieces, turnOctets, turnPieces, commandSilence, sampleData, preparedMessages, ending,
        starting, proxyHead,
    ]

    /// The table of the article, in Markdown.
    package static var table: String {
        let rows = all.map { "| `\($0.name)` | \($0.text) | \($0.bounded) | \($0.reached) |" }
        return (["| name | at most | of | when reached |", "|---|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}
