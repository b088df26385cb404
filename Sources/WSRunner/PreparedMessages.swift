import Synchronization
import WSCompression
import WSLimits
package import WSProtocol
package import WSScenario

/// How one side compresses its messages, as the handshake agreed (RFC 7692, 7.1).
package struct SendingCompression: Sendable, Hashable {
    /// The window's size as a power of two.
    package var windowBits: Int
    /// Whether a message may refer to those before it.
    package var keepsContext: Bool

    /// Creates a description.
    package init(windowBits: Int = 15, keepsContext: Bool = true) {
        self.windowBits = windowBits
        self.keepsContext = keepsContext
    }

    /// Reads how this role compresses from what was agreed on.
    package init(_ agreed: DeflateParameters, sender: Role) {
        self.init(windowBits: agreed.windowBits(of: sender), keepsContext: agreed.keepsContext(of: sender))
    }
}

/// The compressed messages of a loop; each is made once, when it is first needed, for all connections that send it.
///
/// Where the context is kept, the messages of the first turn have less before them than those of the later ones. What
/// precedes a message of the second turn precedes it in each further one, so that two turns suffice.
package final class PreparedMessages: Sendable {
    private struct State {
        /// Nil once all messages are made.
        var compressor: Compressor?
        var payloads: [[UInt8]] = []
    }

    private let loop: EchoLoop
    /// After how many messages the first payload comes again.
    private let turn: Int
    /// How many messages differ as they are sent.
    private let count: Int
    private let state: Mutex<State>

    private init(_ key: Key) {
        loop = key.loop
        turn = max(1, loop.turn ?? 1)
        count = min(key.count, key.compression.keepsContext ? 2 * turn : turn)
        state = Mutex(
            State(
                compressor: Compressor(
                    windowBits: key.compression.windowBits,
                    keepsContext: key.compression.keepsContext
                )
            )
        )
    }

    /// The payload of a message as it is sent.
    package func payload(ofMessage index: Int) -> [UInt8] {
        let place = index < count ? index : count - turn + (index - count) % turn
        return state.withLock { state in
            while state.payloads.count <= place, var compressor = state.compressor {
                // Moved out and back, because a copy would copy the window.
                state.compressor = nil
                state.payloads.append(compressor.compress(loop.payload(ofMessage: state.payloads.count).octets))
                if state.payloads.count < count { state.compressor = compressor }
            }
            return state.payloads[place]
        }
    }

    // MARK: - All of a process

    private struct Key: Hashable {
        var loop: EchoLoop
        var count: Int
        var compression: SendingCompression
    }

    private struct Known {
        var loops: [Key: PreparedMessages] = [:]
        var octetCount = 0
    }

    private static let known = Mutex(Known())
    /// The memory of a compressor, which is dropped only once all messages are made.
    private static let compressorOctets = 262_144

    /// The messages of a loop of which so many are sent; loops that differ only in their frames share them.
    package static func messages(
        of loop: EchoLoop,
        count: Int,
        _ compression: SendingCompression
    ) -> PreparedMessages {
        var loop = loop
        loop.compression?.fragmentLength = nil
        let key = Key(loop: loop, count: max(1, count), compression: compression)
        return known.withLock { known in
            if let messages = known.loops[key] { return messages }
            let messages = PreparedMessages(key)
            known.octetCount += messages.count * loop.payload.count + compressorOctets
            if known.octetCount > Limits.preparedMessages.value {
                known.loops.removeAll()
                known.octetCount = messages.count * loop.payload.count + compressorOctets
            }
            known.loops[key] = messages
            return messages
        }
    }
}
