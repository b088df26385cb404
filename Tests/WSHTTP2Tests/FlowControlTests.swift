import Testing
import WSHTTP2

@Suite struct `HTTP/2 flow control` {
    @Test func `DATA take from both windows`() {
        var flow = HTTP2FlowControl()
        flow.open(1)
        #expect(flow.available(on: 1) == 65_535)
        #expect(flow.send(65_535, on: 1) == [])
        #expect(flow.available(on: 1) == 0)
        #expect(flow.send(0, on: 1) == [])
        #expect(flow.send(1, on: 1) == [.streamWindowExceeded, .connectionWindowExceeded])
        #expect(flow.connection.size == -1)
        #expect(flow[1]?.size == -1)
    }

    @Test func `Each window has its own limit`() {
        var flow = HTTP2FlowControl()
        flow.open(1)
        flow.open(3)
        #expect(flow.send(60_000, on: 1) == [])
        #expect(flow.available(on: 3) == 5_535)
        #expect(flow.send(6_000, on: 3) == [.connectionWindowExceeded])
        #expect(flow.update(100_000, on: 0) == true)
        #expect(flow.available(on: 3) == 59_535)
        #expect(flow.send(60_000, on: 3) == [.streamWindowExceeded])
    }

    @Test func `A window cannot grow beyond 2³¹ - 1`() {
        var flow = HTTP2FlowControl()
        flow.open(1)
        #expect(flow.update(HTTP2Window.maximum - 65_535, on: 1) == true)
        #expect(flow.update(1, on: 1) == false)
        #expect(flow[1]?.size == Int64(HTTP2Window.maximum))
        #expect(flow.update(HTTP2Window.maximum, on: 0) == false)
        #expect(flow.connection.size == 65_535)
    }

    /// The example of RFC 9113 section 6.9.2.
    @Test func `A window becomes negative when SETTINGS make it smaller`() {
        var flow = HTTP2FlowControl()
        flow.open(1)
        #expect(flow.send(60 << 10, on: 1) == [])
        #expect(flow.setInitialSize(16 << 10) == [])
        #expect(flow[1]?.size == -(44 << 10))
        #expect(flow.available(on: 1) == 0)
        #expect(flow.connection.size == 65_535 - (60 << 10))
        #expect(flow.update(44 << 10, on: 1) == true)
        #expect(flow.available(on: 1) == 0)
        #expect(flow.update(1, on: 1) == true)
        #expect(flow.available(on: 1) == 1)
        flow.open(3)
        #expect(flow[3]?.size == 16 << 10)
    }

    @Test func `SETTINGS cannot make a window too large`() {
        var flow = HTTP2FlowControl()
        for streamID in [5, 1, 3] as [UInt32] { flow.open(streamID) }
        #expect(flow.update(1, on: 5) == true)
        #expect(flow.update(1, on: 3) == true)
        #expect(flow.setInitialSize(HTTP2Window.maximum) == [3, 5])
        #expect(flow[1]?.size == Int64(HTTP2Window.maximum))
        #expect(flow[3]?.size == 65_536)
    }

    @Test func `A stream without a window counts for the connection alone`() {
        var flow = HTTP2FlowControl()
        flow.open(1)
        flow.close(1)
        #expect(flow[1] == nil)
        #expect(flow.available(on: 1) == 0)
        #expect(flow.send(100_000, on: 1) == [.connectionWindowExceeded])
        #expect(flow.update(1, on: 1) == true)
    }

    @Test func `A window takes whatever comes without a trap`() {
        var window = HTTP2Window(0)
        for _ in 0..<100 { window.take(.max) }
        #expect(window.size == .min)
        #expect(window.change(by: .min) == false)
        #expect(window.take(1) == false)
    }
}
