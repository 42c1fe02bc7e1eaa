throw new DOMException('not found', 'NotFoundError');
