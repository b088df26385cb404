import Testing
import WSConform

@Suite("Work beside a run", .timeLimit(.minutes(15)))
struct SideWorkTests {
    /// What was done, in order.
    private actor Record {
        var lines: [String] = []
        func add(_ line: String) { lines.append(line) }
    }

    @Test("Pieces of one name are done in the order in which they came", arguments: [1, 4, 1_000])
    func order(limit: Int) async {
        let work = SideWork(limit: limit)
        let record = Record()
        for number in 0..<200 {
            await work.add("case \(number % 3)", { number }, handle: { await record.add("\($0 % 3) \($0)") })
        }
        await work.finish()
        let lines = await record.lines
        #expect(lines.count == 200)
        for name in 0..<3 {
            let numbers = lines.filter { $0.hasPrefix("\(name) ") }.compactMap { Int($0.dropFirst(2)) }
            #expect(numbers == numbers.sorted())
        }
    }

    @Test("Once it has settled nothing is under way, and more can be added")
    func finish() async {
        let work = SideWork(limit: 100)
        let record = Record()
        for number in 1...2 {
            for name in 0..<20 { await work.add("\(name)", { name }, handle: { await record.add("\($0)") }) }
            await work.finish()
            #expect(await record.lines.count == 20 * number)
        }
    }

    @Test("No more pieces are under way than the limit says, and all are done in the end")
    func limit() async {
        let work = SideWork(limit: 2)
        let record = Record()
        for number in 0..<50 {
            await work.add("\(number)", { number }, handle: { await record.add("\($0)") })
            #expect(await record.lines.count >= number - 1)
        }
        await work.finish()
        #expect(await record.lines.count == 50)
    }
}
