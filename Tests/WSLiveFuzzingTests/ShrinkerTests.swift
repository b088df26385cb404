import Testing
import WSLiveFuzzing
import WSProtocol
import WSScenario

@Suite struct `Shrinking` {
    /// Shrinks a conversation for as long as a condition holds, and says how many plays that took.
    private func shrunk(
        _ conversation: FuzzConversation,
        while holds: (FuzzConversation) -> Bool
    ) -> (smallest: FuzzConversation, plays: Int) {
        var shrinker = ConversationShrinker(conversation)
        var plays = 0
        while let proposal = shrinker.proposal() {
            plays += 1
            shrinker.note(isSame: holds(proposal))
        }
        return (shrinker.smallest, plays)
    }

    private let long = FuzzConversation(
        frames: [
            FrameToSend(.text, .text("first"), pacing: .separately),
            FrameToSend(.ping, .text("ping"), masking: .key(0)),
            FrameToSend(.binary, .octets(Array(0..<200)), rsv: 3, lengthEncoding: .bits64, pacing: .split(at: 2)),
            FrameToSend(.text, .text("last")),
            FrameToSend(.pong, .text("pong")),
        ]
    )

    @Test func `Leaves the one frame and the one bit that count`() {
        let (smallest, plays) = shrunk(long) { $0.frames.contains { $0.rsv & 2 != 0 } }
        #expect(smallest.frames == [FrameToSend(.binary, rsv: 2)])
        #expect(plays < ConversationShrinker.mostPlays)
    }

    @Test func `Leaves the octets that count`() {
        let (smallest, _) = shrunk(long) { $0.frames.contains { $0.payload.octets.contains(77) } }
        #expect(smallest.frames == [FrameToSend(.binary, .octets([77]))])
    }

    @Test func `Leaves the cut that counts`() {
        let (smallest, _) = shrunk(long) { $0.frames.contains { $0.pacing == .split(at: 2) } }
        #expect(smallest.frames == [FrameToSend(.binary, pacing: .split(at: 2))])
    }

    @Test func `Leaves two frames where both count, in order`() {
        let (smallest, _) = shrunk(long) { conversation in
            let opcodes = conversation.frames.map(\.opcode)
            guard let ping = opcodes.firstIndex(of: .ping), let pong = opcodes.lastIndex(of: .pong) else {
                return false
            }
            return ping < pong
        }
        #expect(smallest.frames == [FrameToSend(.ping), FrameToSend(.pong)])
    }

    @Test func `Ends after a number of plays, of which slow ones count for more`() {
        var shrinker = ConversationShrinker(long, plays: 20)
        var plays = 0
        while shrinker.proposal() != nil {
            plays += 1
            shrinker.note(isSame: false, cost: 5)
        }
        #expect(plays == 4)
        #expect(shrinker.smallest == long)
    }

    @Test func `Takes a request back to the way in which the catalogue writes it`() {
        let request = FuzzConversation(
            frames: [],
            handshake: FuzzHandshake(
                base: "handshake/request/version-missing",
                rewritings: [.namesInCapitals, .rotated(2), .pieces(3)]
            )
        )
        let (smallest, _) = shrunk(request) { $0.handshake?.rewritings.contains(.rotated(2)) == true }
        #expect(smallest.handshake?.rewritings == [.rotated(2)])
    }
}
