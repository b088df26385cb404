import FuzzHarness
import NIOHTTP2Reference
import WSFuzzing

private nonisolated(unsafe) var body = HTTP2Body<NIOHTTP2Reference>()

/// Called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe Harness.run(&body, octets, count)
}
