import Testing
import WSProtocol

@Suite struct `Opcodes` {
    @Test func `Reserved and control opcodes are those of RFC 6455 section 5.2`() {
        for value in 0...15 as ClosedRange<UInt8> {
            let opcode = Opcode(rawValue: value)
            #expect(opcode.isReserved == ((3...7).contains(value) || (11...15).contains(value)))
            #expect(opcode.isControl == (value >= 8))
        }
    }

    @Test func `Only four bits are kept`() {
        #expect(Opcode(rawValue: 0x81) == .text)
    }

    @Test func `Names are the RFC's words`() {
        let names = (0...15 as ClosedRange<UInt8>).map { Opcode(rawValue: $0).name }
        #expect(names[0...3] == ["continuation", "text", "binary", "reserved 0x3"])
        #expect(names[8...11] == ["close", "ping", "pong", "reserved 0xb"])
    }
}
