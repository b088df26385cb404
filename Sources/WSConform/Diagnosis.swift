package import WSLink
import WSProtocol
package import WSReport
package import WSTranscript

/// What was found out about a server before a run: whether one can begin, and what it would meet.
package struct Diagnosis: Sendable {
    /// The address of the server.
    package var url: String
    /// Where connections go: the host and port, or the path of a Unix socket.
    package var place: String
    /// The proxy that connections go through, with masked credentials; nil for none.
    package var proxy: String?
    /// How the host was resolved.
    package var host: Host
    /// How the server was reached, as far as that went.
    package var reach = Reach.none
    /// What TLS agreed on; nil without it.
    package var security: LinkSecurityFacts?
    /// Whether the certificate was not verified, because the user wanted that.
    package var trustsAnything = false
    /// Whether conversations are on streams of HTTP/2.
    package var isOnStream = false
    /// The opening handshake; nil if it was not answered in HTTP.
    package var handshake: Handshake?
    /// The subprotocols that were offered.
    package var subprotocols: [String] = []
    /// Whether permessage-deflate was agreed on; nil if that is not known.
    package var compression: Compression?
    /// What the application does with messages; nil if no run can begin.
    package var application: ObservedApplication?
    /// Which sizes of text messages come back; nil if that is not known.
    package var sizes: Sizes?
    /// How a connection ends; nil if that is not known.
    package var closing: Closing?
    /// How many cases would run.
    package var cases = 0
    /// What would be left out.
    package var leftOut: [Report.LeftOut] = []
    /// Why no run can begin, in one line with what to do; nil if one can.
    package var obstacle: String?
    /// The words of the command for the run, with masked credentials.
    package var command: [String] = []

    /// Whether a run can begin.
    package var isReady: Bool { obstacle == nil }

    /// How the host of the address was resolved.
    package enum Host: Sendable, Hashable {
        /// The address is that of a Unix socket, or an address of IP, or the proxy resolves the name.
        case notAsked
        /// The name has this address.
        case address(String)
        /// The name has no address.
        case unknown
    }

    /// How far connections come.
    package enum Reach: Sendable, Hashable {
        /// Nothing accepts them.
        case none
        /// Something accepts them, and TLS fails.
        case connected
        /// Octets can be exchanged, after so many milliseconds.
        case open(milliseconds: Double)
    }

    /// How the server answered the opening handshake.
    package struct Handshake: Sendable, Hashable {
        /// The status; nil if the status line cannot be read.
        package var status: Int?
        /// Whether it opened a WebSocket connection.
        package var isOpen: Bool
        /// What the server calls itself; nil if it does not say.
        package var server: String?
        /// The subprotocol that was chosen; nil for none.
        package var subprotocol: String?
        /// What is wrong with the answer, a sentence each.
        package var problems: [String] = []
        /// The protocols that the answer asks to be upgraded to, and the versions that it names.
        package var wishes: [String] = []
    }

    /// Whether messages can be compressed.
    package enum Compression: Sendable, Hashable {
        /// The server did not agree to permessage-deflate.
        case declined
        /// It did, with these parameters as they stand in its answer.
        case agreed(String)
        /// It ended the connection over the offer.
        case ended
    }

    /// Which sizes of text messages come back, in octets.
    package struct Sizes: Sendable, Hashable {
        /// The largest message that came back; 0 if none did.
        package var accepted: Int
        /// The smallest message that did not come back; nil if all did.
        package var refused: Int?
    }

    /// How the server ended a connection on which it was sent a Close frame.
    package enum Closing: Sendable, Hashable {
        /// It answered the Close frame with this code, or none, and ended TCP.
        case clean(code: UInt16?)
        /// It answered the Close frame and left TCP to us.
        case waits(code: UInt16?)
        /// It ended TCP without answering the Close frame.
        case endsTCP
        /// It did nothing.
        case silent
    }
}
