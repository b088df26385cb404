import TestSupport
import Testing
import WSDeflate

@Suite struct `Content in pieces` {
    @Test func `It stops once there is as much content as was asked for, and says what it used`() async {
        let text = octets("pieces of content ")
        let payload = DeflateWriter.message {
            $0.appendFixed(DeflateSymbol.literals(text) + [.match(length: 200, distance: 18)])
            $0.appendStored(text)
            $0.appendDynamic(DeflateSymbol.literals(text) + [.match(length: 258, distance: 7)])
        }
        var whole = Inflater()
        let expected = whole.inflate(payload)
        await Sweep.each(of: [1, 2, 17, 18, 19, 217, 218, 219, 300, 1_000]) { limit in
            var inflater = Inflater()
            var content: [UInt8] = []
            var used = 0
            var isGoing = true
            while isGoing {
                let rest = Array(payload[used...])
                let before = content.count
                let count = inflater.inflate(rest.span, limit: limit, into: &content)
                used += count
                #expect(inflater.message.payloadLength == used)
                #expect(used == payload.count || content.count - before >= limit)
                // What was held back comes without payload, too.
                isGoing = count > 0 || content.count > before
            }
            #expect(used == payload.count)
            let message = inflater.endMessage(into: &content)
            #expect(content == expected.content)
            #expect(message == expected.message)
        }
    }

    @Test func `Of a message that has failed all is used`() {
        var inflater = Inflater()
        var content: [UInt8] = []
        let wrong = hex("06 ff ff")
        #expect(inflater.inflate(wrong.span, limit: 10, into: &content) == 3)
        #expect(inflater.message.payloadLength == 3)
        #expect(inflater.message.failure?.kind == .reservedBlockType)
        #expect(inflater.inflate(wrong.span, limit: 10, into: &content) == 3)
        #expect(inflater.message.payloadLength == 6)
        #expect(content.isEmpty)
    }

    @Test func `Content that was adopted is the context, unless each message has its own`() async {
        await Sweep.each(of: [5, 1_000, 32_768, 40_000, 70_000], and: [1, 3]) { count, times in
            let filler = `Windows and limits of inflating`.filler(count)
            let distance = min(count, 32_768)
            let payload = DeflateWriter.message { $0.appendFixed([.match(length: 5, distance: distance)]) }
            for keepsContext in [true, false] {
                var inflater = Inflater(keepsContext: keepsContext)
                for _ in 0..<times { inflater.adopt(filler.span) }
                let result = inflater.inflate(payload)
                if keepsContext {
                    let start = filler.count - distance
                    #expect(result.content == (0..<5).map { filler[start + $0 % distance] })
                    #expect(result.message.reach == distance)
                } else {
                    #expect(result.content.isEmpty)
                    #expect(result.message.failure?.kind == .distanceBeforeStart(distance))
                }
            }
        }
    }
}
