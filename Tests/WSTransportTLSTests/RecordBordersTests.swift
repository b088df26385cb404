import Testing

@testable import WSTransportTLS

@Suite("The borders of records")
struct RecordBordersTests {
    /// Two records of three octets and one of none.
    private static let stream: [UInt8] = [23, 3, 3, 0, 3, 1, 2, 3, 23, 3, 3, 0, 3, 4, 5, 6, 21, 3, 3, 0, 0]

    @Test func `The last record that begins in octets is found, however they are cut`() {
        let starts = [0, 8, 16]
        for first in 0...Self.stream.count {
            for second in first...Self.stream.count {
                var borders = RecordBorders()
                var begin = 0
                for end in [first, second, Self.stream.count] {
                    let part = Array(Self.stream[begin..<end])
                    let last = borders.startOfLast(in: part.span)
                    let expected = starts.last { $0 >= begin && $0 < end }.map { $0 - begin } ?? 0
                    #expect(last == expected, "\(begin)..<\(end)")
                    begin = end
                }
            }
        }
    }
}
