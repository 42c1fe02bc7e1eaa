const target = new EventTarget();
const listener = (event: Event): void =>
  console.log(event.type, (event as CustomEvent).detail, event.target === target);
target.addEventListener('news', listener);
target.addEventListener('news', listener);
target.addEventListener('news', { handleEvent: (event) => event.preventDefault() }, { once: true });
console.log(target.dispatchEvent(new CustomEvent('news', { detail: { n: 1 }, cancelable: true })));
console.log(target.dispatchEvent(new CustomEvent('news', { detail: 2, cancelable: true })));
target.removeEventListener('news', listener);
console.log(target.dispatchEvent(new Event('news')));
class Source extends EventTarget {
  fire(): void {
    this.dispatchEvent(new Event('fired'));
  }
}
const source = new Source();
source.addEventListener('fired', function (this: unknown) {
  console.log(this === source);
} as (event: Event) => void);
source.fire();
