package import WSLink
import WSModelPeer
import WSProtocol

/// The model server with the noise that RFC 6455 allows around it: Pings at any time, Pongs that nobody asked for,
/// each Pong twice, interim responses before the 101.
///
/// No verdict may depend on any of it.
package struct NoisyServer: LinkMachine {
    /// What is added.
    package struct Noise: Sendable, Hashable, CustomStringConvertible {
        /// What the noise is called.
        package var description: String
        /// Sent before the answer to the handshake.
        package var interim = ""
        /// Sent in the segment of the 101, behind it.
        package var greeting: [UInt8] = []
        /// The time between two Pings.
        package var pingEvery: LinkDuration?
        /// Whether each Pong is sent twice.
        package var doublesPongs = false

        /// Creates noise.
        package init(
            _ description: String,
            interim: String = "",
            greeting: [UInt8] = [],
            pingEvery: LinkDuration? = nil,
            doublesPongs: Bool = false
        ) {
            self.description = description
            self.interim = interim
            self.greeting = greeting
            self.pingEvery = pingEvery
            self.doublesPongs = doublesPongs
        }
    }

    private var server = ModelServer()
    private let noise: Noise
    private var isOpen = false
    private var isClosing = false
    private var decoder = StreamDecoder(sender: .server)
    private static let timer = LinkTimer(number: 77)

    /// Puts noise around a model server.
    package init(_ noise: Noise) {
        self.noise = noise
    }

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        if !noise.interim.isEmpty { actions.append(.write(Array(noise.interim.utf8))) }
        server.linkConnected(at: now, actions: &actions)
        if let pingEvery = noise.pingEvery { actions.append(.setTimer(Self.timer, at: now + pingEvery)) }
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        var own: [LinkAction] = []
        server.linkReceived(bytes, at: now, actions: &own)
        actions += own.map { disturbed($0) }
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        var own: [LinkAction] = []
        server.linkWritable(at: now, actions: &own)
        actions += own.map { disturbed($0) }
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        guard timer == Self.timer else {
            server.linkTimerFired(timer, at: now, actions: &actions)
            return
        }
        guard !isClosing, let pingEvery = noise.pingEvery else { return }
        if isOpen, !decoder.isInsideFrame { actions.append(.write(Answers.frame(.ping, Array("noise".utf8)))) }
        actions.append(.setTimer(Self.timer, at: now + pingEvery))
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        server.linkEnded(end, at: now)
    }

    private mutating func disturbed(_ action: LinkAction) -> LinkAction {
        switch action {
        case .closeOutput, .close, .reset:
            isClosing = true
            return action
        case .write(let octets):
            guard isOpen else {
                isOpen = octets.starts(with: Array("HTTP/1.1 101".utf8))
                return isOpen ? .write(octets + noise.greeting) : action
            }
            var more: [UInt8] = []
            var position = 0
            while let event = decoder.next(in: octets.span, at: &position) {
                if case .control(let frame) = event, frame.opcode == .pong, noise.doublesPongs {
                    more += Answers.frame(.pong, frame.payload)
                }
            }
            if decoder.hasSeenClose { isClosing = true }
            return isClosing || decoder.isInsideFrame ? action : .write(octets + more)
        default: return action
        }
    }
}
