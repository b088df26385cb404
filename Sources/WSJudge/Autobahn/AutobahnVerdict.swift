/// The verdict of Autobahn|Testsuite on a case, with everything that its report file of the case holds.
///
/// It is computed from the same octets and times as our own verdict.
package struct AutobahnVerdict: Sendable, Hashable, Codable {
    /// The case's number.
    package var number: String
    /// `OK`, `NON-STRICT`, `INFORMATIONAL` or `FAILED`.
    package var behavior: String
    /// `OK`, `INFORMATIONAL`, `UNCLEAN`, `WRONG CODE`, `FAILED BY CLIENT` or `FAILED`.
    package var behaviorClose: String
    /// The code of the peer's Close frame.
    package var remoteCloseCode: UInt16?
    /// The text of the peer's Close frame.
    package var remoteCloseReason: String?
    /// The code of the tester's Close frame.
    package var localCloseCode: UInt16?
    /// The text of the tester's Close frame.
    package var localCloseReason: String?
    /// Whether the tester started the closing handshake.
    package var closedByMe = false
    /// Whether the tester failed the connection.
    package var failedByMe = false
    /// Whether the tester dropped TCP.
    package var droppedByMe = false
    /// Whether both sides sent a Close frame and the server dropped TCP in time.
    package var wasClean = false
    /// Why the close was not clean.
    package var wasNotCleanReason: String?
    /// Whether the server took too long to drop TCP.
    package var wasServerConnectionDropTimeout = false
    /// Whether the opening handshake took too long.
    package var wasOpenHandshakeTimeout = false
    /// Whether the peer took too long to answer a Close.
    package var wasCloseHandshakeTimeout = false
    /// The events received, in the form of Autobahn's report.
    package var received: [[String]] = []
    /// The expected events by outcome, in the same form.
    package var expected: [String: [[String]]] = [:]
    /// The expected way to close.
    package var expectedClose: ExpectedClose
    /// The raw request.
    package var httpRequest = "?"
    /// The raw response.
    package var httpResponse = "?"
    /// How often a chunk of each length was received; depends on read boundaries, hence volatile.
    package var rxOctetStats: [Int: Int] = [:]
    /// How often a chunk of each length was sent.
    package var txOctetStats: [Int: Int] = [:]
    /// How many frames of each opcode were received.
    package var rxFrameStats: [Int: Int] = [:]
    /// How many frames of each opcode were sent.
    package var txFrameStats: [Int: Int] = [:]

    /// How Autobahn expects a case to close.
    package struct ExpectedClose: Sendable, Hashable, Codable {
        /// Whether the tester has to start the closing handshake.
        package var closedByMe: Bool
        /// The codes that the peer may send.
        package var closeCode: [UInt16]
        /// Whether both sides have to send a Close frame.
        package var requireClean: Bool

        /// Creates an expectation.
        package init(closedByMe: Bool, closeCode: [UInt16], requireClean: Bool) {
            self.closedByMe = closedByMe
            self.closeCode = closeCode
            self.requireClean = requireClean
        }
    }

    /// Creates a verdict; the other values are set later.
    package init(number: String, behavior: String, behaviorClose: String, expectedClose: ExpectedClose) {
        self.number = number
        self.behavior = behavior
        self.behaviorClose = behaviorClose
        self.expectedClose = expectedClose
    }
}
