import Testing
import WSProtocol

@Suite struct `The article on the codec` {
    @Test func `What it shows tells frames and what is wrong with them`() {
        // A text message without a mask, which a client must not send (RFC 6455 section 5.1).
        let octets: [UInt8] = [0x81, 0x02, 0x68, 0x69]
        var decoder = StreamDecoder(sender: .client)
        var position = 0
        var found: [String] = []
        while let event = decoder.next(in: octets.span, at: &position) {
            switch event {
            case .frame(let header, let offset): found.append("\(offset): \(header.opcode.name)")
            case .violation(let violation): found.append("\(violation.offset): \(violation.detail)")
            default: break
            }
        }
        #expect(found == ["0: text", "1: MASK is clear"])
    }
}
