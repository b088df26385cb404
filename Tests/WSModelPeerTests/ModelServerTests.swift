import Testing
import WSLink
import WSModelPeer
import WSProtocol

@Suite("The model server without defects") struct ModelServerTests {
    typealias Frame = Conversation.Frame

    @Test("echoes messages, answers Ping, and closes with the code it got", arguments: [1, 7, 65_536])
    func echoes(chunkLength: Int) {
        let conversation = Conversation(
            [
                frame(.text, "Hello"), frame(.binary, [0, 255]), frame(.ping, "p"), frame(.text, ""),
                frame(.text, "a", fin: false), frame(.ping, "in between"), frame(.continuation, "b"), close(3000),
            ],
            chunkLength: chunkLength
        )
        #expect(conversation.status == 101)
        #expect(conversation.values(of: "Server") == ["wsconform/0.1.0"])
        #expect(
            conversation.frames == [
                Frame(.text, "Hello"), Frame(.binary, [0, 255]), Frame(.pong, "p"), Frame(.text, ""),
                Frame(.pong, "in between"), Frame(.text, "ab"), .close(3000),
            ]
        )
        #expect(conversation.end == .finished)
        #expect(conversation.closingTime <= .milliseconds(1))
    }
}
