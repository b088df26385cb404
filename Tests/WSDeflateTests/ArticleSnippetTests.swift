import Testing
import WSDeflate

@Suite struct `The article on inflating` {
    @Test func `What it shows tells blocks and distances`() {
        // The message of RFC 7692 section 7.2.3.1.
        let payload: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        var inflater = Inflater(windowBits: 9)
        var content: [UInt8] = []
        inflater.inflate(payload.span, into: &content)
        let message = inflater.endMessage(into: &content)
        let types = message.blocks.map(\.type)
        let reachesTooFar = message.overrun != nil
        #expect(content == Array("Hello".utf8))
        #expect(types == [.fixed, .stored] && !reachesTooFar)
    }
}
