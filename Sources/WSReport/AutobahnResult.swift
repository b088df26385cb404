package import WSJudge
import WSLimits

extension Report {
    /// The verdict of Autobahn|Testsuite on a case, with everything that its report file of the case holds.
    package struct AutobahnResult: Sendable, Hashable, Codable {
        /// `OK`, `NON-STRICT`, `INFORMATIONAL`, `UNIMPLEMENTED` or `FAILED`.
        package var behavior: String
        /// `OK`, `INFORMATIONAL`, `UNCLEAN`, `WRONG CODE`, `FAILED BY CLIENT`, `UNIMPLEMENTED` or `FAILED`.
        package var behaviorClose: String
        /// The code of the peer's Close frame.
        package var remoteCloseCode: UInt16?
        /// The text of the peer's Close frame.
        package var remoteCloseReason: String?
        /// The code of the tester's Close frame.
        package var localCloseCode: UInt16?
        /// The text of the tester's Close frame.
        package var localCloseReason: String?
        /// The case's position in Autobahn's list, from 1; 0 if unknown.
        package var ordinal: Int
        /// When the case began, in UTC; volatile.
        package var started: String?
        /// Milliseconds from the opening to the end of TCP; volatile.
        package var duration: Int?
        /// Whether the tester started the closing handshake.
        package var closedByMe: Bool
        /// Whether the tester failed the connection.
        package var failedByMe: Bool
        /// Whether the tester dropped TCP.
        package var droppedByMe: Bool
        /// Whether both sides sent a Close frame and the server dropped TCP in time.
        package var wasClean: Bool
        /// Why the close was not clean.
        package var wasNotCleanReason: String?
        /// Whether the server took too long to drop TCP.
        package var wasServerConnectionDropTimeout: Bool
        /// Whether the opening handshake took too long.
        package var wasOpenHandshakeTimeout: Bool
        /// Whether the peer took too long to answer a Close.
        package var wasCloseHandshakeTimeout: Bool
        /// The path of the second play's transcript, with Autobahn's own waits; nil if there is none.
        package var transcript: String?
        /// The events received: `["message", text, "true" when binary]`, `["pong", text]` or `["timeout", tag]`.
        package var received: [[String]]
        /// The expected events by outcome, in the same form.
        package var expected: [String: [[String]]]
        /// The expected way to close.
        package var expectedClose: ExpectedClose
        /// The raw request with masked credentials.
        package var httpRequest: String
        /// The raw response with masked credentials.
        package var httpResponse: String
        /// How often a chunk of each length was received; volatile.
        package var rxOctetStats: [Int: Int]?
        /// How often a chunk of each length was sent.
        package var txOctetStats: [Int: Int]?
        /// How many frames of each opcode were received.
        package var rxFrameStats: [Int: Int]
        /// How many frames of each opcode were sent.
        package var txFrameStats: [Int: Int]?

        enum CodingKeys: String, CodingKey {
            case ordinal = "case"
            case behavior, behaviorClose, remoteCloseCode, remoteCloseReason, localCloseCode, localCloseReason
            case started, duration, closedByMe, failedByMe, droppedByMe, wasClean, wasNotCleanReason
            case wasServerConnectionDropTimeout, wasOpenHandshakeTimeout, wasCloseHandshakeTimeout
            case transcript, received, expected, expectedClose, httpRequest, httpResponse
            case rxOctetStats, txOctetStats, rxFrameStats, txFrameStats
        }

        /// How Autobahn expects a case to close.
        package struct ExpectedClose: Sendable, Hashable, Codable {
            /// Whether the tester has to start the closing handshake.
            package var closedByMe: Bool
            /// The codes that the peer may send.
            package var closeCode: [UInt16]
            /// Whether both sides have to send a Close frame.
            package var requireClean: Bool
            /// Whether the behaviour fails, too, if the wrong side starts; nil if the case does not say.
            package var closedByWrongEndpointIsFatal: Bool?
        }

        /// Converts the judge's result and masks credentials.
        ///
        /// - Parameters:
        ///   - verdict: The judge's result.
        ///   - ordinal: The case's position in Autobahn's list, from 1.
        ///   - isWrongCloserFatal: Whether the behaviour fails, too, if the wrong side closes.
        ///   - started: When the case began, in UTC.
        ///   - durationNanoseconds: The time from the opening to the end of TCP.
        ///   - transcript: The path of the second play's transcript, if there is one.
        package init(
            _ verdict: AutobahnVerdict,
            ordinal: Int = 0,
            isWrongCloserFatal: Bool = false,
            started: String? = nil,
            durationNanoseconds: Int64 = 0,
            transcript: String? = nil
        ) {
            behavior = verdict.behavior
            behaviorClose = verdict.behaviorClose
            remoteCloseCode = verdict.remoteCloseCode
            remoteCloseReason = verdict.remoteCloseReason
            localCloseCode = verdict.localCloseCode
            localCloseReason = verdict.localCloseReason
            self.ordinal = ordinal
            self.started = started
            self.transcript = transcript
            duration = Int((durationNanoseconds + 500_000) / 1_000_000)
            closedByMe = verdict.closedByMe
            failedByMe = verdict.failedByMe
            droppedByMe = verdict.droppedByMe
            wasClean = verdict.wasClean
            wasNotCleanReason = verdict.wasNotCleanReason
            wasServerConnectionDropTimeout = verdict.wasServerConnectionDropTimeout
            wasOpenHandshakeTimeout = verdict.wasOpenHandshakeTimeout
            wasCloseHandshakeTimeout = verdict.wasCloseHandshakeTimeout
            received = Array(verdict.received.prefix(Self.mostEvents))
            expected = verdict.expected
            expectedClose = ExpectedClose(
                closedByMe: verdict.expectedClose.closedByMe,
                closeCode: verdict.expectedClose.closeCode,
                requireClean: verdict.expectedClose.requireClean,
                closedByWrongEndpointIsFatal: isWrongCloserFatal ? true : nil
            )
            httpRequest = Self.bounded(Secrets.mask(verdict.httpRequest))
            httpResponse = Self.bounded(Secrets.mask(verdict.httpResponse))
            rxOctetStats = verdict.rxOctetStats
            txOctetStats = verdict.txOctetStats
            rxFrameStats = verdict.rxFrameStats
            txFrameStats = verdict.txFrameStats
        }

        // A hostile peer must not make the report grow; no case expects more than a few dozen events.
        private static let mostEvents = Limits.autobahnEvents.value
        private static let mostHeadOctets = Limits.autobahnHead.value

        private static func bounded(_ head: String) -> String {
            head.utf8.count > mostHeadOctets
                ? String(decoding: head.utf8.prefix(mostHeadOctets), as: UTF8.self) + " …" : head
        }
    }
}

extension Report.AutobahnResult {
    /// Autobahn's sentence on the events.
    package var result: String {
        // In some cases, Autobahn makes the behaviour depend on the close code, and says so here.
        if behaviorClose == "WRONG CODE", behavior == "FAILED" { return resultClose }
        if behavior == "INFORMATIONAL" { return "Actual events are undefined by the spec." }
        return expected.values.contains(received)
            ? "Actual events match at least one expected." : "Actual events differ from any expected."
    }

    /// Autobahn's sentence on the end of the connection.
    package var resultClose: String {
        let codes = expectedClose.closeCode.map { String($0) }.joined(separator: ",")
        switch behaviorClose {
        case "WRONG CODE":
            return "The close code should have been \(codes) or empty"
        case "UNCLEAN":
            return "The spec requires the connection to be failed cleanly here"
        case "FAILED BY CLIENT":
            return "It is preferred that the server close the TCP connection"
        case "FAILED":
            return wasOpened && closedByMe != expectedClose.closedByMe
                ? "The connection was failed by the wrong endpoint"
                : "The WebSocket opening handshake was never completed!"
        default:
            return "Connection was properly closed"
        }
    }

    private var wasOpened: Bool {
        let status = httpResponse.split(separator: " ", maxSplits: 2)
        return !wasOpenHandshakeTimeout && status.count > 1 && status[1].hasPrefix("101")
    }
}
